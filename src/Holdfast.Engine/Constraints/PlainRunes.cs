namespace Holdfast.Engine.Constraints;

/// <summary>
/// The code points that a string takes as they are: no quote, backslash or control character. Nor the two line ends of Unicode, which
/// "." in a pattern leaves out: without them "." takes every plain code point.
/// </summary>
internal static class PlainRunes
{
    private static readonly (int Low, int High)[] Ranges = [(' ', '!'), ('#', '['), (']', 0x2027), (0x202A, 0xD7FF), (0xE000, 0x10FFFF)];

    public static bool Contains(int rune) => Meets(rune, rune);

    /// <summary>Whether any code point of a range is plain.</summary>
    public static bool Meets(int low, int high) => Array.Exists(Ranges, range => range.Low <= high && range.High >= low);

    /// <summary>Whether edges, in rising order, take every plain code point.</summary>
    public static bool AreTakenBy((int Low, int High, int Target)[] edges) => Array.TrueForAll(Ranges, range =>
    {
        var from = range.Low;
        foreach (var (low, high, _) in edges)
        {
            from = low <= from && high >= from ? high + 1 : from;
        }

        return from > range.High;
    });
}
