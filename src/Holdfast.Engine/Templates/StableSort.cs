namespace Holdfast.Engine.Templates;

/// <summary>Python's sort: equal items keep their order, also when it is reversed. The platform's own wraps a fault of the comparison into another.</summary>
internal static class StableSort
{
    /// <param name="items">What to sort.</param>
    /// <param name="key">What an item is sorted by; asked once for each.</param>
    /// <param name="compare">Below 0, 0 or above 0; may throw.</param>
    /// <param name="isReversed">The largest first.</param>
    public static List<object?> Of(IEnumerable<object?> items, Func<object?, object?> key, Func<object?, object?, int> compare, bool isReversed)
    {
        var from = items.Select(i => (Key: key(i), Item: i)).ToArray();
        var to = new (object? Key, object? Item)[from.Length];
        for (var width = 1; width < from.Length; width *= 2)
        {
            for (var start = 0; start < from.Length; start += 2 * width)
            {
                var middle = Math.Min(start + width, from.Length);
                var (left, right, end) = (start, middle, Math.Min(start + (2 * width), from.Length));
                for (var place = start; place < end; place++)
                {
                    var takesRight = left == middle || (right < end && (isReversed ? compare(from[left].Key, from[right].Key) < 0 : compare(from[right].Key, from[left].Key) < 0));
                    to[place] = takesRight ? from[right++] : from[left++];
                }
            }

            (from, to) = (to, from);
        }

        return [.. from.Select(pair => pair.Item)];
    }
}
