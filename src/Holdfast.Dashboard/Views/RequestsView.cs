using Holdfast.Abstractions.Recording;

namespace Holdfast.Dashboard.Views;

/// <summary>One page of the list of requests.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Only">Only requests that ended so; null for all.</param>
/// <param name="IsFirst">True when the newest are shown: only that page is live.</param>
/// <param name="Before">Where the next page starts; null at the end.</param>
/// <param name="Scanned">Requests read to fill a filtered page.</param>
public sealed record RequestsView(IReadOnlyList<TraceRow> Rows, RequestKind? Only, bool IsFirst, string? Before, int Scanned);
