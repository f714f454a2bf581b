namespace Holdfast.Abstractions.Reading;

/// <summary>One heading in the extracted text. <paramref name="Level"/> is 1 to 6.</summary>
public sealed record HeadingSpan(int Level, int Start, int Length);
