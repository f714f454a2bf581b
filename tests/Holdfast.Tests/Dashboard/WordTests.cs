using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Holdfast.Dashboard;
using Holdfast.Dashboard.Words;

namespace Holdfast.Tests.Dashboard;

public sealed class WordTests
{
    private static readonly Gen<string> AnyText = Gen.String[Gen.OneOf(Gen.Char, Gen.Char[' ', '~'], Gen.Char['\u2000', '\u206F'], Gen.Const('"'), Gen.Const('\\')), 0, 80];

    [Fact]
    public void Making_characters_visible_loses_none() => AnyText.Sample(
        text =>
        {
            var back = string.Concat(VisibleText.Split(text).Select(run => run.IsOdd ? Character(run.Text) : run.Text));
            Assert.Equal(text, back);
            Assert.All(VisibleText.Split(text).Where(run => !run.IsOdd), run => Assert.DoesNotContain(run.Text, character => char.IsControl(character) && character is not ('\t' or '\n' or '\r')));
        },
        iter: 5_000);

    [Theory]
    [InlineData("caf\u00e9 \u4f60\u597d \ud83d\ude00 \u0645\u0631\u062d\u0628\u0627\n\tx\r\ny", "")]
    [InlineData("a\u202Eb", "U+202E")]
    [InlineData("a\u200Db", "U+200D")]
    [InlineData("\ud83d\udc69\u200d\ud83d\udcbb", "")]
    [InlineData("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "")]
    [InlineData("x\udb40\udc41", "U+E0041")]
    [InlineData("a\rb", "U+000D")]
    public void Only_what_would_not_be_seen_is_named(string text, string named) =>
        Assert.Equal(named, string.Join(' ', VisibleText.Split(text).Where(run => run.IsOdd).Select(run => run.Text)));

    [Fact]
    public void Half_a_surrogate_pair_is_named() =>
        Assert.Equal(["x", "U+D83D", "y", "U+DE00"], VisibleText.Split("x" + '\ud83d' + "y" + '\ude00').Select(run => run.Text));

    [Fact]
    public void Colours_change_no_character() => AnyText.Sample(
        text => Assert.Equal(text, string.Concat(JsonColours.Split(text).Select(run => run.Text))),
        iter: 5_000);

    [Fact]
    public void Names_and_strings_are_told_apart()
    {
        var runs = JsonColours.Split("""{"a\"b" : "c:", "d":[1,"e"]}""").ToList();
        Assert.Equal(["\"a\\\"b\"", "\"d\""], runs.Where(run => run.Class == "k").Select(run => run.Text));
        Assert.Equal(["\"c:\"", "\"e\""], runs.Where(run => run.Class == "v").Select(run => run.Text));
    }

    [Theory]
    [InlineData(0, "0.00 ms")]
    [InlineData(9, "under 0.01 ms")]
    [InlineData(40, "0.04 ms")]
    [InlineData(8_100, "8.1 ms")]
    [InlineData(31_240, "31 ms")]
    [InlineData(1_234_000, "1.23 s")]
    [InlineData(185_000_000, "3 min 5 s")]
    public void Durations_have_their_unit(long microseconds, string written) => Assert.Equal(written, Units.Duration(microseconds));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(8_123, "8,123 B")]
    [InlineData(88_120, "86 KiB")]
    [InlineData(2_411_008, "2.3 MiB")]
    [InlineData(34_359_738_368, "32 GiB")]
    public void Sizes_have_their_unit(long bytes, string written) => Assert.Equal(written, Units.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.001, "under 1 %")]
    [InlineData(0.84, "84 %")]
    [InlineData(0.999, "over 99 %")]
    [InlineData(1, "100 %")]
    public void A_share_is_never_rounded_to_none_or_all(double share, string written) => Assert.Equal(written, Units.WholePercent(share));

    [Fact]
    public void Figures_are_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal("12.5%", Units.Percent(0.125));
            Assert.Equal("1,234", Units.Number(1_234));
            Assert.Equal("0.74", Units.Score(0.74));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("How do I restart the pump?")]
    [InlineData("it's \"quoted\" $HOME `id` \\ back\nline !x %y 'z'")]
    [InlineData("\u00fcber \ud83d\ude00 </script>")]
    public void The_line_to_paste_says_the_question_in_a_real_shell(string question)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("no POSIX shell here");
        }

        var line = CurlLine.Of("http://127.0.0.1:8080/v1", "extractive@handbook", question);
        // The last argument of the command is the body.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "curl() { for last; do :; done; printf '%s' \"$last\"; }\n" + line]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var body = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        using var json = System.Text.Json.JsonDocument.Parse(body);
        Assert.Equal(question, json.RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("extractive@handbook", json.RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public void All_faults_of_the_options_are_told_together()
    {
        Assert.Empty(new DashboardOptions().Faults());
        var faults = new DashboardOptions { RequestsShown = 0, KvBlocksShown = 7 }.Faults();
        Assert.Equal(["console.requestsShown is 0; it must lie in [1, 500]", "console.kvBlocksShown is 7; it must lie in [64, 65536]"], faults);
    }

    private static string Character(string name)
    {
        var value = int.Parse(name.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return value is >= 0xD800 and <= 0xDFFF ? ((char)value).ToString() : char.ConvertFromUtf32(value);
    }
}
