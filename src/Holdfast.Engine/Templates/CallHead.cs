using System.Text.Json;
using System.Text.RegularExpressions;

namespace Holdfast.Engine.Templates;

/// <summary>The beginning of a call as models write it: the name, then the arguments up to their opening brace.</summary>
internal static partial class CallHead
{
    /// <summary>Longer beginnings are no longer looked at while they come; the call is then given out when it is whole.</summary>
    private const int CharactersMax = 1024;

    /// <summary>The name and where the arguments begin, or null while that is not certain.</summary>
    public static (string Name, int ArgumentsStart)? Find(string text, ToolFormat format)
    {
        if (text.Length == 0 || Shape().Match(text[..Math.Min(text.Length, CharactersMax)]) is not { Success: true } match
            || (match.Groups["key"].Value == "parameters" && format != ToolFormat.LlamaJson))
        {
            return null;
        }

        try
        {
            return (JsonSerializer.Deserialize<string>(match.Groups["name"].Value)!, match.Length);
        }
        catch (JsonException)
        {
            // An escape that does not exist: no call, and the whole text will say so.
            return null;
        }
    }

    [GeneratedRegex("""^\s*\{\s*"name"\s*:\s*(?<name>"(?:[^"\\]|\\.)*")\s*,\s*"(?<key>arguments|parameters)"\s*:\s*(?=\{)""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
