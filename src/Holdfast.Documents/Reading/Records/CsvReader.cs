using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;

namespace Holdfast.Documents.Reading.Records;

/// <summary>
/// Reads comma-separated values (RFC 4180; also semicolon, tab and bar). One row is one line. Where the first row is a head, each cell carries its
/// column's name, because a passage from the middle of a table means nothing without it: <c>pump: P-101 | pressure: 4 bar</c>.
/// </summary>
internal static class CsvReader
{
    private const int HeadCharactersMax = 64;

    // Of a row: more columns than this is no table for people, and each would repeat its name.
    private const int ColumnsMax = 1_000;

    public static Draft Read(ReadJob job)
    {
        string text = job.Text.TrimStart('\ufeff').Replace("\0", "", StringComparison.Ordinal);
        DraftBuilder builder = new(job.Options.CharactersMax);
        CsvRows rows = new(text, Delimiter(text));
        List<string> row = [];
        List<string>? head = null;
        bool isFirst = true;
        builder.Open(BlockKind.Table);
        while (rows.TryRead(row))
        {
            job.CancellationToken.ThrowIfCancellationRequested();
            if (row.Count > ColumnsMax)
            {
                throw new ReadFaultException($"has a row of {row.Count} columns, more than {ColumnsMax}: it is no table; give it as text");
            }

            if (isFirst && IsHead(row))
            {
                head = [.. row];
            }

            builder.BreakLine();
            WriteRow(builder, row, isFirst ? null : head);
            isFirst = false;
        }

        builder.Close();
        return new Draft
        {
            MediaType = "text/csv",
            Text = builder.ToString(),
            Blocks = builder.Blocks,
            Counts = rows.IsQuoteOpen ? [new RuleCount("open-quote", 1)] : [],
        };
    }

    private static void WriteRow(DraftBuilder builder, List<string> row, List<string>? head)
    {
        bool isFirst = true;
        for (int i = 0; i < row.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(row[i]))
            {
                continue;
            }

            if (!isFirst)
            {
                builder.AppendRaw(" | ");
            }

            isFirst = false;
            if (head is not null && i < head.Count && !string.IsNullOrWhiteSpace(head[i]))
            {
                builder.AppendCollapsed(head[i]);
                builder.AppendRaw(": ");
            }

            builder.AppendCollapsed(row[i].Trim());
        }
    }

    /// <summary>Names: at least two, short, all different, none of them a number.</summary>
    private static bool IsHead(List<string> row)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (string cell in row)
        {
            bool isName = cell.Length is > 0 and <= HeadCharactersMax && cell.Any(char.IsLetter) && !char.IsAsciiDigit(cell[0]) && names.Add(cell.Trim());
            if (!isName)
            {
                return false;
            }
        }

        return names.Count >= 2;
    }

    /// <summary>The sign that stands most often outside of quotes in the first line.</summary>
    private static char Delimiter(string text)
    {
        int[] counts = new int[4];
        bool isQuoted = false;
        foreach (char c in text)
        {
            isQuoted ^= c == '"';
            if (!isQuoted && c is '\n' or '\r')
            {
                break;
            }

            int index = isQuoted ? -1 : ",;\t|".IndexOf(c, StringComparison.Ordinal);
            if (index >= 0)
            {
                counts[index]++;
            }
        }

        return ",;\t|"[Array.IndexOf(counts, counts.Max())];
    }
}
