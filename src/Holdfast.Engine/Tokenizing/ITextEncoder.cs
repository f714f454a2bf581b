namespace Holdfast.Engine.Tokenizing;

/// <summary>Plain text to ids. The three implementations are the three kinds of vocabulary.</summary>
internal interface ITextEncoder
{
    /// <summary>Bytes held besides the vocabulary.</summary>
    long HeldBytes { get; }

    /// <summary>
    /// Appends the ids of a text that holds no special token. <paramref name="isAfterSpecial"/>: nothing or a special token stands before it.
    /// It may end early once <paramref name="ids"/> holds more than <paramref name="idsMax"/>.
    /// </summary>
    void Encode(ReadOnlySpan<char> text, bool isAfterSpecial, List<int> ids, int idsMax);
}
