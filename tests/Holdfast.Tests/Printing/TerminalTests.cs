using Holdfast.Printing;

namespace Holdfast.Tests.Printing;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("plain 日本 ümlaut", "plain 日本 ümlaut")]
    [InlineData("a\u001b[31mred", "a\\u001b[31mred")]
    [InlineData("two\nlines\r\t", "two\\u000alines\\u000d\\u0009")]
    [InlineData("back\u202ewards\u200b", "back\\u202ewards\\u200b")]
    [InlineData(null, "")]
    public void What_strangers_wrote_cannot_steer_the_terminal(string? text, string shown) => Assert.Equal(shown, Terminal.Shown(text));
}
