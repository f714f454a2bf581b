using System.Text.Encodings.Web;
using System.Text.Json;

namespace Holdfast.Dashboard.Words;

/// <summary>Writes a question as a command line that works when pasted into a POSIX shell.</summary>
internal static class CurlLine
{
    // The line is read by people, and the page encodes it once more for HTML.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(string baseUrl, string model, string question)
    {
        var body = JsonSerializer.Serialize(new { model, messages = new[] { new { role = "user", content = question } } }, Json);
        return $"curl {baseUrl}/chat/completions -H \"authorization: Bearer $HOLDFAST_KEY\" -H 'content-type: application/json' \\\n  -d {Quote(body)}";
    }

    /// <summary>Nothing is special between single quotes but the quote itself.</summary>
    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
