using System.Globalization;
using System.Text.Json;

namespace Holdfast.Engine.Constraints;

/// <summary>Finds what a "$ref" within a schema points at.</summary>
internal static class SchemaPointer
{
    public static JsonElement Find(JsonElement root, string place, string pointer)
    {
        if (pointer != "#" && !pointer.StartsWith("#/", StringComparison.Ordinal))
        {
            throw new SchemaFault($"{place}: '$ref' to '{pointer}' is not enforced; it must begin with '#/'");
        }

        var at = root;
        foreach (var name in Names(pointer))
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var member))
            {
                at = member;
            }
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                throw new SchemaFault($"{place}: '$ref' to '{pointer}' leads nowhere");
            }
        }

        return at;
    }

    /// <summary>The one spelling of what a pointer names: the parts are those that the compiler writes for a place.</summary>
    public static string PlaceOf(string pointer) => string.Join('/', Names(pointer).Select(Escape).Prepend("#"));

    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static IEnumerable<string> Names(string pointer) => pointer.Split('/').Skip(1)
        .Select(part => Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
}
