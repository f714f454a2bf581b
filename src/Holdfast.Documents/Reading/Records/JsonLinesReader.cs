using System.Text.Json;
using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading.Records;

/// <summary>
/// Reads one JSON object a line. <c>title</c> (or <c>name</c>, <c>heading</c>) becomes a heading, <c>text</c> (or <c>content</c>, <c>body</c>) its
/// text; a record without these is written as <c>key: value</c>. A bad line is counted; more than one in a hundred, and the file is refused with the first.
/// </summary>
internal static class JsonLinesReader
{
    private const int NestingMax = 64;
    private const double BadShareMax = 0.01;

    private static readonly string[] TitleNames = ["title", "heading", "name"];
    private static readonly string[] TextNames = ["text", "content", "body"];

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = NestingMax, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Disallow };

    public static Draft Read(ReadJob job)
    {
        string text = job.Text.TrimStart('\ufeff').Replace("\0", "", StringComparison.Ordinal);
        DraftBuilder builder = new(job.Options.CharactersMax);
        string? badLine = null;
        int bad = 0;
        int lines = 0;
        int number = 0;
        int at = 0;
        while (at < text.Length)
        {
            job.CancellationToken.ThrowIfCancellationRequested();
            int found = text.IndexOf('\n', at);
            int end = found < 0 ? text.Length : found;
            number++;
            ReadOnlyMemory<char> line = text.AsMemory(at, end - at).Trim();
            at = end + 1;
            if (line.IsEmpty)
            {
                continue;
            }

            lines++;
            string? fault = ReadLine(line, builder);
            if (fault is not null)
            {
                bad++;
                badLine ??= $"line {number} {fault}";
            }
        }

        builder.Close();
        if (bad > 0 && bad > BadShareMax * lines)
        {
            throw new ReadFaultException($"is no JSON Lines: {badLine}{(bad > 1 ? $", and {bad - 1} more" : "")}: write one JSON object on each line");
        }

        return new Draft
        {
            MediaType = "application/jsonl",
            Text = builder.ToString(),
            Blocks = builder.Blocks,
            Counts = bad > 0 ? [new RuleCount("bad-record", bad)] : [],
            Title = Path.GetFileNameWithoutExtension(job.Name),
        };
    }

    private static string? ReadLine(ReadOnlyMemory<char> line, DraftBuilder builder)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return $"holds {document.RootElement.ValueKind.ToString().ToLowerInvariant()} and no object";
            }

            Write(document.RootElement, builder);
            return null;
        }
        catch (JsonException exception)
        {
            return $"is no JSON (byte {exception.BytePositionInLine})";
        }
    }

    private static void Write(JsonElement record, DraftBuilder builder)
    {
        string? title = First(record, TitleNames);
        string? text = First(record, TextNames);
        if (!string.IsNullOrWhiteSpace(title))
        {
            builder.Open(BlockKind.Heading, level: 2);
            builder.AppendCollapsed(title);
            builder.Close();
        }

        if (!string.IsNullOrWhiteSpace(text))
        {
            foreach (string paragraph in text.ReplaceLineEndings("\n").Split("\n\n"))
            {
                builder.Open(BlockKind.Paragraph);
                builder.AppendRaw(paragraph.Trim());
                builder.Close();
            }

            return;
        }

        builder.Open(BlockKind.Table);
        foreach (JsonProperty property in record.EnumerateObject())
        {
            if (!TitleNames.Contains(property.Name, StringComparer.Ordinal) && property.Value.ValueKind is not JsonValueKind.Null)
            {
                builder.BreakLine();
                builder.AppendCollapsed(property.Name);
                builder.AppendRaw(": ");
                builder.AppendCollapsed(property.Value.ToString());
            }
        }

        builder.Close();
    }

    private static string? First(JsonElement record, string[] names)
    {
        foreach (string name in names)
        {
            if (record.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String)
            {
                return value.ToString();
            }
        }

        return null;
    }
}
