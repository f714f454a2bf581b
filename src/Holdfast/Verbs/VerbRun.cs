using System.CommandLine;
using System.Net;
using System.Text.Json;
using Holdfast.Engine.Gguf;
using Holdfast.Hosting;
using Holdfast.ModelFiles;
using Holdfast.Printing;
using Holdfast.Retrieval.Storing;
using Microsoft.Data.Sqlite;

namespace Holdfast.Verbs;

/// <summary>Runs a verb that needs the data: loads the configuration, finds the owner, turns what can go wrong into one line and an exit code.</summary>
internal static class VerbRun
{
    public static async Task<int> WithOwnerAsync(ParseResult parsed, ConfigurationFlags flags, Func<Owner, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        if (flags.Load(parsed) is not { } options)
        {
            return ExitCode.WrongUse;
        }

        (var resolved, var unknown) = ModelNames.Resolve(options, ModelFolders.Of([]));
        if (resolved is null)
        {
            await Console.Error.WriteLineAsync(unknown);
            return ExitCode.WrongUse;
        }

        // Signals end a verb at once: nothing here needs a drain.
        try
        {
            await using var owner = await Owner.FindOrStartAsync(resolved, cancellationToken);
            return await work(owner, cancellationToken);
        }
        catch (HttpRequestException fault)
        {
            await Console.Error.WriteLineAsync($"the server that owns {options.Data} does not answer: {fault.Message}; is it still starting?");
        }
        catch (Exception fault) when (fault is DataFolderTakenException or StoreException or ModelFileException or SqliteException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(fault is SqliteException or IOException or UnauthorizedAccessException
                ? $"{fault.Message.TrimEnd('.')}; check the room and permissions of the data folder {Path.GetFullPath(options.Data)}"
                : Terminal.Shown(fault.Message));
        }

        return ExitCode.Fault;
    }

    /// <summary>Prints the message of an OpenAI error body, or the body itself.</summary>
    public static async Task<int> RefusedAsync(HttpStatusCode status, string body)
    {
        var message = body;
        try
        {
            message = JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("message").GetString() ?? body;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            message = $"{(int)status}: {body}";
        }

        await Console.Error.WriteLineAsync(Terminal.Shown(message));
        return status switch
        {
            HttpStatusCode.NotFound => ExitCode.No,
            HttpStatusCode.BadRequest => ExitCode.WrongUse,
            _ => ExitCode.Fault,
        };
    }
}
