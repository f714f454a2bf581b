namespace Holdfast.Dashboard;

/// <summary>The bounds of the pages. A page that meets one says so and links to the rest.</summary>
public sealed record DashboardOptions
{
    /// <summary>Longest question that the ask box takes. A question travels in the address, and Kestrel takes 8 KiB of request line.</summary>
    public int QuestionCharactersMax { get; init; } = 2_000;

    /// <summary>Requests on one page of the list.</summary>
    public int RequestsShown { get; init; } = 50;

    /// <summary>Requests read at most to fill a page of a filtered list.</summary>
    public int RequestsScannedMax { get; init; } = 2_000;

    /// <summary>Documents on one page of the list.</summary>
    public int DocumentsShown { get; init; } = 100;

    /// <summary>Characters of a document's text on one page; a longer text is shown in windows.</summary>
    public int TextCharactersShown { get; init; } = 20_000;

    /// <summary>Headings and pages listed beside a document's text.</summary>
    public int OutlineEntriesShown { get; init; } = 120;

    /// <summary>Characters of one body or prompt on a trace page; the raw JSON holds the rest.</summary>
    public int BodyCharactersShown { get; init; } = 8_000;

    /// <summary>Blocks drawn on the KV page.</summary>
    public int KvBlocksShown { get; init; } = 4_096;

    /// <summary>All faults, in the words of the configuration file.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Check(faults, "questionCharactersMax", QuestionCharactersMax, 1, 2_000);
        Check(faults, "requestsShown", RequestsShown, 1, 500);
        Check(faults, "requestsScannedMax", RequestsScannedMax, RequestsShown, 100_000);
        Check(faults, "documentsShown", DocumentsShown, 1, 1_000);
        Check(faults, "textCharactersShown", TextCharactersShown, 1_000, 1_000_000);
        Check(faults, "outlineEntriesShown", OutlineEntriesShown, 1, 10_000);
        Check(faults, "bodyCharactersShown", BodyCharactersShown, 1, 1_000_000);
        Check(faults, "kvBlocksShown", KvBlocksShown, 64, 65_536);
        return faults;
    }

    private static void Check(List<string> faults, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            faults.Add($"console.{name} is {value}; it must lie in [{min}, {max}]");
        }
    }
}
