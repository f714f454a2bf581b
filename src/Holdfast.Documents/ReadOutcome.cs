using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents;

/// <summary>What became of a file: a document, or the reason why it is quarantined. Exactly one of the two is set.</summary>
public sealed record ReadOutcome
{
    private ReadOutcome()
    {
    }

    public DocumentText? Document { get; private init; }

    /// <summary>One line: what is wrong and what to do.</summary>
    public string? Quarantine { get; private init; }

    public static ReadOutcome Read(DocumentText document) => new() { Document = document };

    public static ReadOutcome Refuse(string reason) => new() { Quarantine = reason };
}
