namespace Holdfast.Abstractions.Reading;

/// <summary>One passage of the extracted text.</summary>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Heading">The headings above it, outermost first, joined by <c> &gt; </c>; null at the top.</param>
/// <param name="Page">Page on which it starts, from 1; null where there are none.</param>
public sealed record PassageSpan(int Start, int Length, string? Heading, int? Page);
