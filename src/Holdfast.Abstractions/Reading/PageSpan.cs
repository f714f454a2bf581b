namespace Holdfast.Abstractions.Reading;

/// <summary>One page in the extracted text. <paramref name="Number"/> counts from 1.</summary>
public sealed record PageSpan(int Number, int Start, int Length);
