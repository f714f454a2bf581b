using System.Reflection;
using System.Text;

namespace Holdfast.Gateway.Prompts;

/// <summary>
/// The prompts by name: the shipped ones, and files of a folder that stand in front of them. Read once; a change is a new start, so
/// that every answer of a run comes from the versions its list shows.
/// </summary>
public sealed class PromptLibrary
{
    private const string Shipped = "Holdfast.Gateway.Prompts.Shipped.";
    private const int FileBytesMax = 1 << 20;
    private readonly SortedDictionary<string, PromptFile> _prompts = new(StringComparer.Ordinal);
    private readonly List<PromptFault> _faults = [];

    /// <summary>Reads the shipped prompts, then those of <paramref name="folder"/> when it is not empty.</summary>
    public PromptLibrary(string folder)
    {
        var room = typeof(PromptLibrary).Assembly;
        foreach (var name in room.GetManifestResourceNames().Where(n => n.StartsWith(Shipped, StringComparison.Ordinal)))
        {
            Add(name[Shipped.Length..^".md".Length], ReadResource(room, name), "shipped");
        }

        if (folder.Length == 0)
        {
            return;
        }

        if (!Directory.Exists(folder))
        {
            _faults.Add(new PromptFault(folder, 0, $"the folder of prompts {folder} is not there"));
            return;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (new FileInfo(path).Length > FileBytesMax)
            {
                _faults.Add(new PromptFault(name, 0, $"{path} is larger than {FileBytesMax} bytes"));
                continue;
            }

            Add(name, File.ReadAllText(path, Encoding.UTF8), path);
        }
    }

    /// <summary>What could not be read. A service does not start with one.</summary>
    public IReadOnlyList<PromptFault> Faults => _faults;

    /// <summary>All prompts, by name.</summary>
    public IReadOnlyList<PromptFile> List() => [.. _prompts.Values];

    /// <summary>One prompt, or null.</summary>
    public PromptFile? Find(string name) => _prompts.GetValueOrDefault(name);

    /// <summary>Fills the variables in. A missing variable, an unknown one and an unknown prompt are faults; a value is never read as a template.</summary>
    public (RenderedPrompt? Prompt, PromptFault? Fault) Render(string name, IReadOnlyDictionary<string, string> values)
    {
        if (Find(name) is not { } prompt)
        {
            return (null, new PromptFault(name, 0, $"there is no prompt {name}; known: {string.Join(", ", _prompts.Keys)}"));
        }

        var missing = prompt.Variables.Where(v => !values.ContainsKey(v)).ToList();
        if (missing.Count > 0)
        {
            return (null, new PromptFault(name, 0, $"no value for {string.Join(", ", missing)}; the prompt needs {string.Join(", ", prompt.Variables)}"));
        }

        if (values.Keys.FirstOrDefault(v => !prompt.Variables.Contains(v)) is { } unknown)
        {
            return (null, new PromptFault(name, 0, $"{unknown} is no variable of the prompt; it has {string.Join(", ", prompt.Variables)}"));
        }

        var text = PromptReader.Places().Replace(prompt.Body, match => values[match.Groups["name"].Value]);
        return (new RenderedPrompt(prompt.Name, prompt.Version, prompt.Role, text), null);
    }

    private void Add(string name, string content, string source)
    {
        var (prompt, fault) = PromptReader.Read(name, content, source);
        if (fault is not null)
        {
            _faults.Add(fault);
            return;
        }

        _prompts[name] = prompt!;
    }

    private static string ReadResource(Assembly room, string name)
    {
        using var stream = room.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
