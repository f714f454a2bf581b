namespace Holdfast.Engine.Constraints;

/// <summary>Where in a value a configuration stands, between two bytes.</summary>
internal enum Phase : byte
{
    /// <summary>Before a value; A is 1 where one space may come first.</summary>
    Start,

    /// <summary>In a string; A: code points that may follow, B: that must follow, or the state of the pattern.</summary>
    Text,

    /// <summary>Inside a code point of a string; V holds a <see cref="Utf8Part"/>.</summary>
    TextPart,

    TextEscape,

    /// <summary>In \uXXXX; V is the digits read times 65536 plus their value.</summary>
    TextHex,

    /// <summary>After a high surrogate; V counts what is read of the low one: the backslash, the u, then digits as above.</summary>
    TextLow,

    /// <summary>In one of several texts; A is the node of the trie.</summary>
    Literal,

    /// <summary>Numbers: B is 1 after a minus, A counts digits, V is the value so far.</summary>
    Minus,
    Whole,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,

    /// <summary>Objects: A is the first member not yet decided on.</summary>
    ObjectOpen,
    ObjectComma,
    ObjectNext,

    /// <summary>A is the node in the trie of keys, B the first member not yet decided on.</summary>
    Key,

    /// <summary>A key of its own; A: code points left, B: node in the trie of all known keys or -1.</summary>
    FreeKey,
    FreeKeyPart,

    /// <summary>A is the member, or -1 for one of its own.</summary>
    Colon,

    /// <summary>Arrays: A counts the items.</summary>
    ArrayOpen,
    ArrayNext,

    /// <summary>Fixed text; A counts its bytes.</summary>
    Before,
    After,

    /// <summary>Free text; A counts the bytes of the closing tag that it ends with.</summary>
    Thinking,

    /// <summary>All is written.</summary>
    Done,
}
