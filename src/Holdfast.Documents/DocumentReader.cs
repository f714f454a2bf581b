using Holdfast.Abstractions.Reading;
using Holdfast.Documents.Blocks;
using Holdfast.Documents.Chunking;
using Holdfast.Documents.Cleaning;
using Holdfast.Documents.Reading;

namespace Holdfast.Documents;

/// <summary>
/// From a file's bytes to a cleaned text with passages, or to one line that says why not. Bad content never throws. Safe for
/// any number of threads; the only state is the count of readers that hang.
/// </summary>
public sealed class DocumentReader
{
    private readonly DocumentOptions _options;
    private readonly DeadlineRunner _runner;
    private readonly PassageCutter _cutter;

    public DocumentReader(DocumentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> faults = options.Faults();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        _options = options;
        _runner = new DeadlineRunner(options.ReadingTimeMax, options.StuckReadersMax);
        _cutter = new PassageCutter(options);
    }

    /// <summary>Readers that did not stop at their deadline and still run; for a gauge.</summary>
    public int StuckReaders => _runner.Stuck;

    /// <summary>Refuses a file by its size, before its bytes are read; null when it may be read.</summary>
    public ReadOutcome? RefuseBySize(string name, long bytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (bytes == 0)
        {
            return ReadOutcome.Refuse("is empty (0 bytes): fill it or remove it");
        }

        return bytes > _options.BytesMax
            ? ReadOutcome.Refuse($"is {Size(bytes)}, over the limit of {Size(_options.BytesMax)} (documents.bytesMax): split it or raise the limit")
            : null;
    }

    /// <summary>Reads one file. Throws only when <paramref name="cancellationToken"/> is cancelled.</summary>
    public ReadOutcome Read(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ReadOutcome? refused = RefuseBySize(name, content.Length);
        if (refused is not null)
        {
            return refused;
        }

        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            ReadPlan plan = ReadPlan.For(name, content, _options);
            DocumentText document = _runner.Run(token => Finish(name, plan.Read(token), token), cancellationToken);
            return ReadOutcome.Read(document);
        }
        catch (ReadFaultException fault)
        {
            return ReadOutcome.Refuse(fault.Message);
        }
        catch (ReaderFailedException fault)
        {
            return ReadOutcome.Refuse($"is damaged and could not be read ({OneLine(fault.Message)}): open and save it again, or export it anew");
        }
    }

    private DocumentText Finish(string name, Draft draft, CancellationToken cancellationToken)
    {
        string what = DocumentNames.Of(draft.MediaType);
        string? fault = TextQuality.Fault(draft.Text, what);
        if (fault is not null)
        {
            throw new ReadFaultException(fault);
        }

        CleaningInput input = new() { Text = draft.Text, Blocks = draft.Blocks, Pages = draft.Pages, IsTypeset = draft.IsTypeset };
        CleaningOutcome cleaned = TextCleaner.Clean(input, CleaningRules.ForDocuments, withEdits: false);
        cancellationToken.ThrowIfCancellationRequested();
        string text = cleaned.Output.Text;
        fault = TextQuality.Fault(text, what);
        if (fault is not null)
        {
            throw new ReadFaultException(fault);
        }

        HeadingSpan[] headings = [.. cleaned.Output.Blocks.Where(b => b.Kind == BlockKind.Heading).Select(b => new HeadingSpan(b.Level, b.Start, b.Length))];
        return new DocumentText
        {
            Title = DocumentNames.Title(draft, text, headings, name),
            MediaType = draft.MediaType,
            Text = text,
            Pages = cleaned.Output.Pages,
            Headings = headings,
            Passages = _cutter.Cut(text, cleaned.Output.Blocks, headings, cleaned.Output.Pages),
            Attributes = draft.Attributes,
            Cleaned = [.. draft.Counts, .. cleaned.Counts],
        };
    }

    private static string Size(long bytes) => bytes switch
    {
        >= 1024 * 1024 => $"{bytes / (1024.0 * 1024.0):0.#} MiB",
        >= 1024 => $"{bytes / 1024.0:0.#} KiB",
        _ => $"{bytes} bytes",
    };

    private static string OneLine(string message)
    {
        string line = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length > 160 ? string.Concat(line.AsSpan(0, 160), "…") : line;
    }
}
