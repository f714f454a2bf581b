namespace Holdfast.Documents.Cleaning.Rules;

/// <summary>Roman numerals as books number their front pages.</summary>
internal static class RomanNumeral
{
    private static readonly (string Letters, int Value)[] Steps =
    [
        ("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1),
    ];

    /// <summary>Reads i to ccclxxxix in lower or upper case, written the one right way.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        ReadOnlySpan<char> rest = text;
        foreach ((string letters, int step) in Steps)
        {
            int times = 0;
            while (rest.StartsWith(letters, StringComparison.OrdinalIgnoreCase) && times < (letters.Length == 1 && step is not (5 or 50) ? 3 : 1))
            {
                value += step;
                rest = rest[letters.Length..];
                times++;
            }
        }

        return rest.Length == 0 && value > 0;
    }
}
