using System.Text;

namespace Holdfast.Retrieval.Storing;

/// <summary>
/// The extracted text in pieces of 4,096 units, kept as UTF-8. A passage touches one or two of them, whatever the document's length.
/// </summary>
internal static class TextBlocks
{
    public const int Units = 4096;

    public static void Write(StoreConnection connection, long document, string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = Math.Min(Units, text.Length - start);

            // A surrogate pair stays whole: half of it has no UTF-8.
            if (start + length < text.Length && char.IsHighSurrogate(text[start + length - 1]))
            {
                length--;
            }

            connection.Run(
                "INSERT INTO block(document, start, text) VALUES ($1, $2, $3)",
                document, start, Encoding.UTF8.GetBytes(text, start, length));
            start += length;
        }
    }

    public static string ReadAll(StoreConnection connection, long document, int characters)
    {
        var text = new StringBuilder(characters);
        using var reader = connection.Query("SELECT text FROM block WHERE document = $1 ORDER BY start", document);
        while (reader.Read())
        {
            text.Append(Encoding.UTF8.GetString((byte[])reader.GetValue(0)));
        }

        return text.ToString();
    }

    public static string Read(StoreConnection connection, long document, int start, int length)
    {
        var text = new StringBuilder(2 * Units);
        var first = -1;
        using var reader = connection.Query(
            "SELECT start, text FROM block WHERE document = $1 AND start > $2 AND start < $3 ORDER BY start",
            document, start - Units, start + length);
        while (reader.Read())
        {
            first = first < 0 ? reader.GetInt32(0) : first;
            text.Append(Encoding.UTF8.GetString((byte[])reader.GetValue(1)));
        }

        return text.ToString(start - first, length);
    }
}
