using System.Text;
using System.Text.Json;

namespace Holdfast.Gateway.Upstreams;

/// <summary>Puts another model name into a request. Every other byte stays as it is.</summary>
internal static class ModelName
{
    public static ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> body, string name)
    {
        var reader = new Utf8JsonReader(body.Span);
        var edits = new List<(int Start, int Length)>(1);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.ValueTextEquals("model"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isModel)
            {
                // Each of them where the key stands twice: which one counts is the upstream's choice.
                edits.Add((start, (int)reader.BytesConsumed - start));
            }
        }

        if (edits.Count == 0)
        {
            return body;
        }

        var value = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(name)}\"");
        using var edited = new MemoryStream(body.Length + value.Length);
        var copied = 0;
        foreach (var (start, length) in edits)
        {
            edited.Write(body.Span[copied..start]);
            edited.Write(value);
            copied = start + length;
        }

        edited.Write(body.Span[copied..]);
        return edited.ToArray();
    }
}
