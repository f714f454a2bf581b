using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Holdfast.Engine.Templates;

/// <summary>A caller's JSON as template values, all of it marked as the caller's.</summary>
internal static class JsonValues
{
    public static object? Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new TemplateMap();
                foreach (var member in element.EnumerateObject())
                {
                    map.Set(SpanString.Caller(member.Name), Of(member.Value));
                }

                return map;
            case JsonValueKind.Array:
                var list = new List<object?>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                {
                    list.Add(Of(item));
                }

                return list;
            case JsonValueKind.String:
                return SpanString.Caller(element.GetString()!);
            case JsonValueKind.Number:
                return Number(element);
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }

    public static object? Parse(string json, RenderBudget budget)
    {
        budget.Items(json.Length);
        try
        {
            using var document = JsonDocument.Parse(json);
            return Of(document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new RenderFault($"from_json: {fault.Message}");
        }
    }

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole))
        {
            return whole;
        }

        var text = element.GetRawText();
        return text.Length <= Values.DigitsMax && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big) ? big : element.GetDouble();
    }
}
