using System.Globalization;

namespace Holdfast.Retrieval.Storing;

/// <summary>A typed value as the columns of the attribute table: kind, text, number.</summary>
internal readonly record struct AttributeColumns(AttributeKind Kind, string? Text, double? Number)
{
    public static AttributeColumns From(object value) => value switch
    {
        string text => new(AttributeKind.Text, CleanText(text), null),
        bool flag => new(AttributeKind.Boolean, null, flag ? 1 : 0),
        double number when double.IsFinite(number) => new(AttributeKind.Number, null, number),
        float or int or long or short or byte or uint or decimal => new(AttributeKind.Number, null, Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        _ => new(AttributeKind.Text, CleanText(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""), null),
    };

    public object ToValue() => Kind switch
    {
        AttributeKind.Text => Text ?? "",
        AttributeKind.Boolean => Number is 1,
        _ => Number ?? 0d,
    };

    /// <summary>A NUL ends a text inside SQLite; the sign for an unreadable character takes its place.</summary>
    public static string CleanText(string text) => text.Replace('\0', '\uFFFD');
}
