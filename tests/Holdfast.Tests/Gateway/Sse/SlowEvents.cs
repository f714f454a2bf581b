using System.Text;

namespace Holdfast.Tests.Gateway.Sse;

/// <summary>The obvious twin of the event reader: the whole stream as one text, cut line by line. Latin-1 keeps each byte a character.</summary>
internal static class SlowEvents
{
    public static List<byte[]> Read(byte[] stream)
    {
        var text = Encoding.Latin1.GetString(stream);
        text = text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal) ? text[3..] : text;
        List<byte[]> events = [];
        List<string> data = [];
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n').Append(""))
        {
            if (line.Length == 0)
            {
                if (data.Count > 0)
                {
                    events.Add(Encoding.Latin1.GetBytes(string.Join('\n', data)));
                }

                data = [];
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            if (name == "data")
            {
                data.Add(value.StartsWith(' ') ? value[1..] : value);
            }
        }

        return events;
    }
}
