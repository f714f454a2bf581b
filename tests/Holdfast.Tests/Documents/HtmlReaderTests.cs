using Holdfast.Abstractions.Reading;
using Holdfast.Documents;

namespace Holdfast.Tests.Documents;

public sealed class HtmlReaderTests
{
    [Fact]
    public void Only_the_main_content_of_a_page_is_read()
    {
        DocumentText document = SampleReader.Good("page.html", """
            <!doctype html><html lang="en"><head><title>Pump P-101 - ACME</title><meta name="author" content="Ada"><style>p{color:red}</style></head>
            <body><header>ACME intranet</header><nav><a href="/">Home</a></nav>
            <main><h1>Pump P-101<a class="headerlink" href="#x">¶</a></h1><p>Restart   the pump
            with <code>pumpctl  start</code>.</p><script>alert(1)</script>
            <h2>Limits</h2><ul><li>4 bar</li><li>80 <b>°C</b></li></ul></main>
            <footer>Copyright</footer></body></html>
            """);
        Assert.Equal("Pump P-101\n\nRestart the pump with pumpctl start.\n\nLimits\n\n- 4 bar\n- 80 °C", document.Text);
        Assert.Equal("Pump P-101", document.Title);
        Assert.Equal("text/html", document.MediaType);
        Assert.Equal("Ada", document.Attributes["author"]);
        Assert.Equal([1, 2], document.Headings.Select(h => h.Level));
    }

    [Fact]
    public void Navigation_by_class_and_role_is_left_out_where_no_main_is()
    {
        DocumentText document = SampleReader.Good("page.html", """
            <html><body><div class="navheader">Prev Next</div><div role="navigation">Menu</div><div class="sphinxsidebar">Contents</div>
            <div class="body"><h2 class="title">5.1. Tables</h2><p>A table has rows and columns, and that is nearly all there is to say about tables in general.</p></div>
            <div class="navfooter">Up Home</div></body></html>
            """);
        Assert.Equal("5.1. Tables\n\nA table has rows and columns, and that is nearly all there is to say about tables in general.", document.Text);
    }

    [Theory]
    [InlineData("<p hidden>secret orders</p>")]
    [InlineData("<p style='display: none'>secret orders</p>")]
    [InlineData("<span aria-hidden=true>secret orders</span>")]
    [InlineData("<div style='color:#fff'>secret orders</div>")]
    [InlineData("<div style='color: white; background-color: #ffffff'>secret orders</div>")]
    [InlineData("<div style='font-size:0px'>secret orders</div>")]
    [InlineData("<div style='position:absolute; left:-9999px'>secret orders</div>")]
    [InlineData("<div style='opacity: 0'>secret orders</div>")]
    public void Text_that_nobody_sees_is_left_out_and_counted(string hidden)
    {
        DocumentText document = SampleReader.Good("page.html", $"<html><body><p>The pump runs at four bar and must not be opened while it is hot, says the manual.</p>{hidden}</body></html>");
        Assert.DoesNotContain("secret", document.Text, StringComparison.Ordinal);
        Assert.Equal(1, SampleReader.Count(document, "hidden-text"));
    }

    [Fact]
    public void White_text_on_a_dark_ground_is_seen()
    {
        DocumentText document = SampleReader.Good("page.html", "<html><body><div style='background:#003366'><p style='color:white'>Valve table</p></div></body></html>");
        Assert.Equal("Valve table", document.Text);
    }

    [Fact]
    public void A_table_is_one_row_a_line_and_a_layout_table_is_none()
    {
        DocumentText document = SampleReader.Good("page.html", """
            <html><body><main><table><tr><th>Pump</th><th>Bar</th></tr><tr><td>P-1</td><td><p>4</p></td></tr></table>
            <table><tr><td><h2>Left</h2><p>one</p></td><td><pre>a
              b</pre></td></tr></table></main></body></html>
            """);
        Assert.Equal("Pump | Bar\nP-1 | 4\n\nLeft\n\none\n\na\n  b", document.Text);
    }

    [Fact]
    public void A_definition_list_is_term_and_text_and_code_keeps_its_lines()
    {
        DocumentText document = SampleReader.Good("page.html", """
            <html><body><main><dl><dt>shutil.copy(src)</dt><dd><p>Copies a file.</p><p>Returns the path.</p></dd><dt>shutil.move(src)</dt><dd>Moves it.</dd></dl>
            <pre>def f():
                return  1
            </pre></main></body></html>
            """);
        Assert.Equal("shutil.copy(src)\nCopies a file.\n\nReturns the path.\n\nshutil.move(src)\nMoves it.\n\ndef f():\n    return  1", document.Text);
    }

    [Fact]
    public void The_heading_of_a_note_is_no_section()
    {
        DocumentText document = SampleReader.Good("page.html", "<html><body><h1>Backup</h1><div class=\"note\"><h3>Note</h3><p>Test it.</p></div><p>Then sleep.</p></body></html>");
        Assert.Single(document.Headings);
        Assert.Equal("Backup", document.Passages[0].Heading);
        Assert.Contains("Note\n\nTest it.", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_nested_two_thousand_deep_is_read()
    {
        string deep = string.Concat(Enumerable.Repeat("<div>", 2_000));
        DocumentText document = SampleReader.Good("page.html", $"<html><body>{deep}bottom</body></html>");
        Assert.Equal("bottom", document.Text);
    }

    [Fact]
    public void A_page_that_makes_the_parser_quadratic_is_stopped_in_time()
    {
        byte[] hostile = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<p><b><i><font size=1><div>", 200_000)));
        DocumentReader reader = new(new DocumentOptions { ReadingTimeMax = TimeSpan.FromMilliseconds(200) });
        string? line = reader.Read("page.html", hostile, CancellationToken.None).Quarantine;
        Assert.Equal("was not read within 0.2 s (documents.readingTimeMax): simplify or split it, or raise the limit", line);
        Assert.Equal(0, reader.StuckReaders);
    }
}
