using System.Text;

namespace Holdfast.Bench.Retrieval;

/// <summary>The question set's own rule for finding a span: runs of non-word characters are one space, lower case.</summary>
internal static class SpanText
{
    public static bool Holds(string text, string span) => Normalise(text).Contains(Normalise(span), StringComparison.Ordinal);

    private static string Normalise(string text)
    {
        var normalised = new StringBuilder(text.Length);
        var isGap = true;
        foreach (var unit in text)
        {
            if (char.IsLetterOrDigit(unit) || unit == '_')
            {
                normalised.Append(char.ToLowerInvariant(unit));
                isGap = false;
            }
            else if (!isGap)
            {
                normalised.Append(' ');
                isGap = true;
            }
        }

        return normalised.ToString().Trim();
    }
}
