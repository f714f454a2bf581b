using System.CommandLine;
using Holdfast.ModelFiles;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary><c>--models DIR</c>, on every verb that takes the name of a model.</summary>
internal sealed class ModelFlag
{
    private readonly Option<string[]> _folders = new("--models") { Description = "Folder with model files; may be repeated. Searched before HOLDFAST_MODELS, ./models and the user's cache", HelpName = "DIR" };

    public ModelFlag(Command command) => command.Options.Add(_folders);

    /// <summary>The folders to search; null, with a line on standard error, when one that was named is not there.</summary>
    public ModelFolders? Folders(ParseResult parsed, bool mayBeMissing = false)
    {
        var given = parsed.GetValue(_folders) ?? [];
        if (Array.Find(given, folder => folder.Length == 0 || File.Exists(folder) || !(mayBeMissing || Directory.Exists(folder))) is not { } wrong)
        {
            return ModelFolders.Of(given);
        }

        Console.Error.WriteLine(File.Exists(wrong) ? $"--models {Terminal.Shown(wrong)} is a file; give the folder it lies in" : $"--models: there is no folder {Terminal.Shown(wrong)}; check the path");
        return null;
    }

    /// <summary>The file that a path or a name stands for; null, with the reason on standard error, when there is none.</summary>
    public string? Find(ParseResult parsed, string text)
    {
        if (Folders(parsed)?.Find(text) is not { } search)
        {
            return null;
        }

        if (search.Fault is not null)
        {
            Console.Error.WriteLine(search.Fault);
        }

        return search.Path;
    }
}
