using System.Text.Json;

namespace Holdfast.Hosting;

/// <summary>How verbs of the same user reach the running server: <c>server.json</c> in the data folder, mode 600.</summary>
internal sealed record ServerFile(string BaseUrl, string AdminKey, int ProcessId)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    public void Write(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Beside and renamed: a verb never reads half a file.
        var next = path + ".next";
        File.Delete(next);
        using (var file = new FileStream(next, options))
        {
            JsonSerializer.Serialize(file, this, Format);
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>Null when there is none or it is no longer whole.</summary>
    public static ServerFile? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ServerFile>(File.ReadAllBytes(path), Format) : null;
        }
        catch (Exception fault) when (fault is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
