using System.Text;
using Holdfast.Abstractions.Reading;
using Holdfast.Documents;

namespace Holdfast.Tests.Documents;

/// <summary>Reads samples through the room's front door.</summary>
internal static class SampleReader
{
    private static readonly DocumentReader Reader = new(new DocumentOptions());

    public static string FixturePath(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "fixtures", "documents", .. parts]);

    public static ReadOutcome Read(string name, byte[] content, DocumentOptions? options = null) =>
        (options is null ? Reader : new DocumentReader(options)).Read(name, content, CancellationToken.None);

    public static DocumentText Good(string name, string content, DocumentOptions? options = null) => Good(name, Encoding.UTF8.GetBytes(content), options);

    public static DocumentText Good(string name, byte[] content, DocumentOptions? options = null)
    {
        ReadOutcome outcome = Read(name, content, options);
        Assert.True(outcome.Document is not null, $"{name} was quarantined: {outcome.Quarantine}");
        return outcome.Document!;
    }

    /// <summary>The quarantine line, which must be one line of a sentence that a person can act on.</summary>
    public static string Refused(string name, byte[] content, DocumentOptions? options = null)
    {
        ReadOutcome outcome = Read(name, content, options);
        Assert.True(outcome.Quarantine is not null, $"{name} was read: {outcome.Document?.Text}");
        Assert.DoesNotContain('\n', outcome.Quarantine!);
        Assert.InRange(outcome.Quarantine!.Length, 10, 400);
        return outcome.Quarantine;
    }

    public static string PassageText(DocumentText document, int index) =>
        document.Text.Substring(document.Passages[index].Start, document.Passages[index].Length);

    public static int Count(DocumentText document, string rule) => document.Cleaned.Where(c => c.Rule == rule).Sum(c => c.Count);
}
