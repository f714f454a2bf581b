using System.Text.Encodings.Web;
using System.Text.Json;

namespace Holdfast.Gateway.Wire;

/// <summary>How the gateway writes JSON: text outside ASCII stays readable, nothing is indented.</summary>
internal static class JsonText
{
    public static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = false,
        SkipValidation = true,
    };

    public static byte[] Quote(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];
}
