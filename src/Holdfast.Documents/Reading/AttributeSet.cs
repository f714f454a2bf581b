using System.Globalization;
using Holdfast.Documents.Cleaning;

namespace Holdfast.Documents.Reading;

/// <summary>Collects a document's attributes: bounded in number and length, without control characters, typed where they are typed.</summary>
internal sealed class AttributeSet(DocumentOptions options)
{
    private const int NameCharactersMax = 64;
    private const int ValueCharactersMax = 1024;

    private static readonly TextNormaliser Normaliser = new();

    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>Adds a string as it is. What is empty or too long is not an attribute; the first of a name stands.</summary>
    public void Add(string name, string? value)
    {
        string clean = Normaliser.Normalise(value ?? "").Text.Trim();
        if (clean.Length is > 0 and <= ValueCharactersMax)
        {
            Put(name, clean);
        }
    }

    /// <summary>Adds a value whose type its spelling tells: true and false, a number, else a string.</summary>
    public void AddTyped(string name, string value)
    {
        string bare = value.Trim();
        if (bare is "true" or "false")
        {
            Put(name, bare == "true");
        }
        else if (IsNumber(bare) && double.TryParse(bare, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            Put(name, number);
        }
        else
        {
            Add(name, bare);
        }
    }

    public void Put(string name, object value)
    {
        string clean = Normaliser.Normalise(name).Text.Trim();
        if (clean.Length is > 0 and <= NameCharactersMax && _values.Count < options.AttributesMax)
        {
            _values.TryAdd(clean, value);
        }
    }

    public Dictionary<string, object> ToDictionary() => _values;

    // A leading zero is an identifier (007, a post code), not a number.
    private static bool IsNumber(string text) =>
        text.Length > 0 && (char.IsAsciiDigit(text[^1])) && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '.')
        && !(text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1]));
}
