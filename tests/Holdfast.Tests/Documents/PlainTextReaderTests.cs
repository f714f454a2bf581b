using Holdfast.Abstractions.Reading;

namespace Holdfast.Tests.Documents;

public sealed class PlainTextReaderTests
{
    [Fact]
    public void Form_feeds_make_pages()
    {
        DocumentText document = SampleReader.Good("a.txt", "page one\fpage two\fpage three");
        Assert.Equal(["page one", "page two", "page three"], document.Pages.Select(p => document.Text.Substring(p.Start, p.Length)));
    }

    [Fact]
    public void An_underlined_line_is_a_heading()
    {
        DocumentText document = SampleReader.Good("a.rst", "Restart\n=======\n\nPress start.\n\nLimits\n------\n\n4 bar.\n");
        Assert.Equal([("Restart", 1), ("Limits", 2)], document.Headings.Select(h => (document.Text.Substring(h.Start, h.Length), h.Level)));
    }

    [Fact]
    public void A_short_first_line_and_a_line_of_capitals_are_headings()
    {
        DocumentText document = SampleReader.Good("a.txt", "Disk full\n   \nWhat to do, in order.\n\nREMEDY\n    Delete the oldest day.\n\nE-17\n\nThis is no title.\n");
        Assert.Equal([("Disk full", 1), ("REMEDY", 2)], document.Headings.Select(h => (document.Text.Substring(h.Start, h.Length), h.Level)));
        Assert.Equal("Disk full", document.Title);
        Assert.Empty(SampleReader.Good("b.txt", "The first sentence ends here.\n\nThe second too.\n").Headings);
    }

    [Fact]
    public void Configuration_keeps_its_indentation()
    {
        const string Yaml = "pump:\n    bar:  4\n\n\n    on: true\n";
        Assert.Equal(Yaml.TrimEnd(), SampleReader.Good("a.yaml", Yaml).Text.TrimEnd());
    }

    [Fact]
    public void Line_ends_and_blank_lines_are_made_one_kind() =>
        Assert.Equal("a\nb\n\nc", SampleReader.Good("a.txt", "a\r\nb\r\r\n\r\n\r\nc  \r\n").Text);
}
