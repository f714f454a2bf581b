namespace Holdfast.Documents.Cleaning;

/// <summary>One cleaning rule: finds what it would change. It never changes anything itself, so that each change can be counted and undone.</summary>
internal interface ICleaningRule
{
    /// <summary>Name in counts, edits and docs/documents.md.</summary>
    string Name { get; }

    /// <summary>Adds the edits in ascending order, without overlap.</summary>
    void Find(CleaningInput input, EditList edits);
}
