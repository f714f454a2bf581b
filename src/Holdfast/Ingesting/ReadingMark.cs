using Holdfast.Documents;

namespace Holdfast.Ingesting;

/// <summary>
/// Remembers, for each collection, by which rules its documents were read: the build of the Documents room and its options. After an
/// upgrade or a changed option the whole folder is read again, instead of holding texts that no present rule would make.
/// </summary>
internal sealed class ReadingMark(string dataFolder, DocumentOptions options)
{
    private readonly string _rules = $"{typeof(DocumentReader).Module.ModuleVersionId} {options}\n";

    public bool IsCurrent(string collection)
    {
        var path = PathOf(collection);
        return File.Exists(path) && File.ReadAllText(path) == _rules;
    }

    /// <summary>To be called when a whole pass has ended well.</summary>
    public void Write(string collection)
    {
        if (!IsCurrent(collection))
        {
            Directory.CreateDirectory(Path.Combine(dataFolder, "reading"));
            File.WriteAllText(PathOf(collection), _rules);
        }
    }

    private string PathOf(string collection) => Path.Combine(dataFolder, "reading", collection);
}
