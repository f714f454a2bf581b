using System.Globalization;
using System.Text;

namespace Holdfast.Tests.Fakes;

/// <summary>Reads the format that the README beside the recordings describes.</summary>
internal static class RecordingReader
{
    public static IReadOnlyList<RecordedExchange> Read(string path)
    {
        var lines = File.ReadAllText(path).Split('\n');
        Assert.Equal("#! exchange 1", lines[0]);
        List<RecordedExchange> exchanges = [];
        List<RecordedItem> sent = [], received = [];
        var clientLeft = false;
        foreach (var line in lines.Skip(1).Where(static line => line.Length > 2 && line[1] == ' ' && line[0] is '>' or '<'))
        {
            var item = Item(line);
            if (line[0] == '<')
            {
                received.Add(item);
                continue;
            }

            if (item.Kind is "close" or "rst")
            {
                clientLeft = true;
                continue;
            }

            if (received.Count > 0)
            {
                // A second request on the same connection.
                exchanges.Add(Of(path, sent, received, clientLeft));
                sent = [];
                received = [];
            }

            sent.Add(item);
        }

        if (sent.Count > 0)
        {
            exchanges.Add(Of(path, sent, received, clientLeft));
        }

        return exchanges;
    }

    private static RecordedExchange Of(string path, List<RecordedItem> sent, List<RecordedItem> received, bool clientLeft) => new()
    {
        Name = Path.GetFileNameWithoutExtension(path),
        Engine = Path.GetFileName(Path.GetDirectoryName(path)!),
        RequestHead = Encoding.Latin1.GetString([.. sent.Where(static item => item.Kind == "head").SelectMany(static item => item.Data)]),
        RequestBody = [.. sent.Where(static item => item.Kind == "body").SelectMany(static item => item.Data)],
        Received = received,
        ClientLeft = clientLeft,
    };

    private static RecordedItem Item(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var words = line[..tab].Split(' ');
        var kind = words[3].Split(':', 2);
        var read = int.TryParse(words[2], CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new RecordedItem(kind[0], kind.Length > 1 ? kind[1] : "", read, Unescape(line[(tab + 1)..]));
    }

    private static byte[] Unescape(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        List<byte> plain = new(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)'\\')
            {
                plain.Add(bytes[i]);
                continue;
            }

            i++;
            switch (bytes[i])
            {
                case (byte)'n':
                    plain.Add((byte)'\n');
                    break;
                case (byte)'r':
                    plain.Add((byte)'\r');
                    break;
                case (byte)'t':
                    plain.Add((byte)'\t');
                    break;
                case (byte)'x':
                    plain.Add(byte.Parse(Encoding.ASCII.GetString(bytes, i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                default:
                    plain.Add(bytes[i]);
                    break;
            }
        }

        return [.. plain];
    }
}
