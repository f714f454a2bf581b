namespace Holdfast.Retrieval;

/// <summary>Bounds and settings of the retrieval room. Names in faults are those of the file.</summary>
public sealed record RetrievalOptions
{
    /// <summary>Page cache of the writing connection.</summary>
    public int WriterCacheBytes { get; init; } = 16 << 20;

    /// <summary>Page cache of each reading connection.</summary>
    public int ReaderCacheBytes { get; init; } = 4 << 20;

    /// <summary>Reading connections at most; a search past that waits for one.</summary>
    public int ReadersMax { get; init; } = 4;

    /// <summary>How long a connection waits for a lock that another process holds.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pages the store's file may have, of 4,096 bytes; at the bound a write fails as on a full disk.</summary>
    public int StorePagesMax { get; init; } = 1 << 28;

    /// <summary>Passages that one document may have.</summary>
    public int PassagesPerDocumentMax { get; init; } = 50_000;

    /// <summary>UTF-16 units of a question that are looked at.</summary>
    public int QueryUnitsMax { get; init; } = 8_192;

    /// <summary>Different terms of a question that are looked up; the rarest stay.</summary>
    public int QueryTermsMax { get; init; } = 64;

    /// <summary>Passages that the index hands to the second, finer ranking.</summary>
    public int CandidatesMax { get; init; } = 200;

    /// <summary>Conditions in a filter, all levels together.</summary>
    public int FilterConditionsMax { get; init; } = 64;

    /// <summary>Levels of <c>and</c> and <c>or</c> in a filter.</summary>
    public int FilterDepthMax { get; init; } = 8;

    /// <summary>Values in one <c>in</c> or <c>nin</c>.</summary>
    public int FilterValuesMax { get; init; } = 256;

    /// <summary>Words of an extractive answer, the marks <c>[n]</c> not counted.</summary>
    public int AnswerWordsMax { get; init; } = 90;

    /// <summary>Passages an extractive answer may take sentences from.</summary>
    public int AnswerPassagesMax { get; init; } = 2;

    /// <summary>Answerability below which the answer is that nothing was found.</summary>
    public double RefuseBelow { get; init; } = 0.45;

    /// <summary>Answerability from which the verdict is yes; between the two it is unsure, and answered.</summary>
    public double SureFrom { get; init; } = 0.65;

    /// <summary>Every fault at once, in the file's words.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Check(faults, "retrieval.writerCacheBytes", WriterCacheBytes, 64 << 10, 1 << 30);
        Check(faults, "retrieval.readerCacheBytes", ReaderCacheBytes, 64 << 10, 1 << 30);
        Check(faults, "retrieval.readersMax", ReadersMax, 1, 64);
        Check(faults, "retrieval.busyTimeout (seconds)", BusyTimeout.TotalSeconds, 0.001, 600);
        Check(faults, "retrieval.storePagesMax", StorePagesMax, 64, int.MaxValue - 1);
        Check(faults, "retrieval.passagesPerDocumentMax", PassagesPerDocumentMax, 1, 1_000_000);
        Check(faults, "retrieval.queryUnitsMax", QueryUnitsMax, 16, 1 << 20);
        Check(faults, "retrieval.queryTermsMax", QueryTermsMax, 1, 512);
        Check(faults, "retrieval.candidatesMax", CandidatesMax, 100, 2_000);
        Check(faults, "retrieval.filterConditionsMax", FilterConditionsMax, 1, 512);
        Check(faults, "retrieval.filterDepthMax", FilterDepthMax, 1, 32);
        Check(faults, "retrieval.filterValuesMax", FilterValuesMax, 1, 10_000);
        Check(faults, "retrieval.answerWordsMax", AnswerWordsMax, 1, 2_000);
        Check(faults, "retrieval.answerPassagesMax", AnswerPassagesMax, 1, 100);
        Check(faults, "retrieval.refuseBelow", RefuseBelow, 0, 1);
        Check(faults, "retrieval.sureFrom", SureFrom, 0, 1);
        if (SureFrom < RefuseBelow)
        {
            faults.Add(FormattableString.Invariant($"retrieval.sureFrom is {SureFrom}; it must not lie below retrieval.refuseBelow ({RefuseBelow})"));
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, double value, double valueMin, double valueMax)
    {
        if (!(value >= valueMin && value <= valueMax))
        {
            faults.Add(FormattableString.Invariant($"{name} is {value}; it must lie in [{valueMin}, {valueMax}]"));
        }
    }
}
