using Holdfast.Abstractions.Reading;

namespace Holdfast.Documents.Encodings;

/// <summary>Bytes as text. <paramref name="Count"/> tells of a repair: bytes that were no valid UTF-8, or an old code page.</summary>
internal sealed record DecodedText(string Text, string Encoding, RuleCount? Count);
