using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Holdfast.Gateway.Prompts;

/// <summary>
/// Reads a prompt file: front matter between two lines of <c>---</c> (<c>description</c>, <c>role</c>, <c>variables</c>), then text with <c>{{name}}</c>.
/// A variable that is not declared, one that is not used, an unknown key and an invisible character are faults: what the model gets is
/// what a reader of the file sees.
/// </summary>
internal static partial class PromptReader
{
    private const string Fence = "---";
    private static readonly string[] Roles = ["system", "user", "assistant"];

    public static (PromptFile? Prompt, PromptFault? Fault) Read(string name, string content, string source)
    {
        var text = content.ReplaceLineEndings("\n");
        if (Invisible(text) is { } at)
        {
            return (null, new PromptFault(name, LineOf(text, at), $"U+{(int)text[at]:X4} cannot be seen in an editor; take it out"));
        }

        var lines = text.Split('\n');
        var close = Array.IndexOf(lines, Fence, 1);
        if (lines[0] != Fence || close < 0)
        {
            return (null, new PromptFault(name, 1, "the file must start with front matter between two lines of ---"));
        }

        var (description, role, variables) = ("", "system", Array.Empty<string>());
        for (var i = 1; i < close; i++)
        {
            var (key, value) = Split(lines[i]);
            switch (key)
            {
                case "":
                    break;
                case "description":
                    description = value;
                    break;
                case "role" when Roles.Contains(value):
                    role = value;
                    break;
                case "variables":
                    variables = value.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                    break;
                case "role":
                    return (null, new PromptFault(name, i + 1, $"role is {value}; it must be system, user or assistant"));
                default:
                    return (null, new PromptFault(name, i + 1, $"{key} is not known; description, role and variables are"));
            }
        }

        var body = string.Join('\n', lines[(close + 1)..]).Trim('\n');
        return Check(name, body, variables, close + 2) is { } fault
            ? (null, fault)
            : (new PromptFile(name, description, role, variables, body, Hash(text), source), null);
    }

    [GeneratedRegex(@"\{\{\s*(?<name>[A-Za-z][A-Za-z0-9_]*)\s*\}\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    internal static partial Regex Places();

    private static PromptFault? Check(string name, string body, string[] variables, int firstLine)
    {
        var used = Places().Matches(body).Select(m => m.Groups["name"].Value).ToHashSet();
        foreach (var variable in used.Where(v => !variables.Contains(v)))
        {
            return new PromptFault(name, firstLine, $"{{{{{variable}}}}} is used but not among the variables");
        }

        foreach (var variable in variables.Where(v => !used.Contains(v)))
        {
            return new PromptFault(name, 1, $"variable {variable} is declared but not used");
        }

        return Places().Replace(body, "").Contains("{{", StringComparison.Ordinal)
            ? new PromptFault(name, firstLine, "{{ opens something that is no variable; {{name}} is the only form")
            : null;
    }

    private static (string Key, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (line.Trim(), "") : (line[..colon].Trim(), line[(colon + 1)..].Trim());
    }

    private static int? Invisible(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var kind = CharUnicodeInfo.GetUnicodeCategory(text[i]);
            if (kind == UnicodeCategory.Format || (kind == UnicodeCategory.Control && text[i] is not ('\n' or '\t')))
            {
                return i;
            }
        }

        return null;
    }

    private static int LineOf(string text, int at) => text.AsSpan(0, at).Count('\n') + 1;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
