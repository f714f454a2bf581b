using System.Globalization;
using System.Text;
using Holdfast.Abstractions.Reading;
using Holdfast.Retrieval.Storing;

namespace Holdfast.CrashChild;

/// <summary>
/// One batch: eight documents written anew, one quarantined, one moved to a new path. Whole, its number stands in the hash of each of them.
/// </summary>
public static class CrashBatch
{
    public const string Collection = "crash";

    private const int Documents = 8;
    private const int Paragraphs = 60;

    public static IReadOnlyList<StoreChange> Make(int number)
    {
        var hash = number.ToString(CultureInfo.InvariantCulture);
        var changes = new List<StoreChange>
        {
            new PutQuarantined { Path = "bad.pdf", Bytes = number, ContentHash = hash, Reason = "encrypted" },
            new RemoveDocument(DocumentStore.IdFor(Collection, Moving(number - 1))),
            new PutDocument { Path = Moving(number), Bytes = number, ContentHash = hash, Text = Text(number, Documents) },
        };
        for (var document = 0; document < Documents; document++)
        {
            changes.Add(new PutDocument { Path = $"{document}.txt", Bytes = number, ContentHash = hash, Text = Text(number, document) });
        }

        return changes;
    }

    public static string Moving(int number) => $"moving-{number}.txt";

    private static DocumentText Text(int number, int document)
    {
        var text = new StringBuilder();
        var passages = new List<PassageSpan>();
        for (var paragraph = 0; paragraph < Paragraphs; paragraph++)
        {
            var part = string.Create(CultureInfo.InvariantCulture, $"Document {document} of batch number{number}, paragraph {paragraph}: the pump of line {number * paragraph} holds.");
            passages.Add(new PassageSpan(text.Length, part.Length, null, null));
            text.Append(part).Append("\n\n");
        }

        return new DocumentText
        {
            Title = $"Document {document}",
            MediaType = "text/plain",
            Text = text.ToString(),
            Passages = passages,
            Attributes = new Dictionary<string, object> { ["batch"] = (double)number },
        };
    }
}
