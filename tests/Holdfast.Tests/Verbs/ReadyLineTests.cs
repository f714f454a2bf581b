using Holdfast.Abstractions.Status;
using Holdfast.Verbs;

namespace Holdfast.Tests.Verbs;

public sealed class ReadyLineTests
{
    [Fact]
    public void The_kernels_of_an_embedded_model_stand_in_one_line()
    {
        Assert.Contains("  kernels: Q4_1 one Wide, many Wide, long Vnni\n", Printed("Q4_1 one Wide, many Wide, long Vnni"), StringComparison.Ordinal);
        Assert.DoesNotContain("kernels", Printed(""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_chat_template_is_told_with_what_it_answers()
    {
        const string Fault = "small has no chat template in its file, so it answers /v1/completions alone";
        Assert.Contains($"  {Fault}\n", Printed("", Fault), StringComparison.Ordinal);
        Assert.Contains("no language model that takes chats: --model FILE", Printed("", Fault, "extractive@x"), StringComparison.Ordinal);
        Assert.Contains("no language model given: --model FILE", Printed("", "", "extractive@x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extractive-7b", "  answers by extractive-7b\n")]
    [InlineData("extractive", "  answers by extraction, cited (no language model given")]
    [InlineData("extractive@handbook", "  answers by extraction, cited (no language model given")]
    public void Only_extraction_is_told_as_extraction(string model, string expected) =>
        Assert.Contains(expected, Printed("", "", model), StringComparison.Ordinal);

    [Fact]
    public void A_name_with_escapes_and_quotes_ends_no_line_and_no_word_of_the_shell()
    {
        var printed = Printed("", "odd\u001b[31m has no chat template", "it's \"odd\u001b[31m\nserving", passages: 1);

        Assert.DoesNotContain('\u001b', printed);
        Assert.Contains("  answers by it's \"odd\\u001b[31m\\u000aserving\n", printed, StringComparison.Ordinal);
        Assert.Contains("-d '{\"model\":\"it\\u0027s \\u0022odd\\u001B[31m\\nserving\",", printed, StringComparison.Ordinal);
    }

    private static string Printed(string kernels, string chatFault = "", string model = "small", int passages = 0)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var ready = new ReadyLine
        {
            BaseUrl = "http://127.0.0.1:8080/v1",
            ConsoleUrl = "http://127.0.0.1:8080/?sign-in=x",
            Key = "k",
            Model = model,
            Documents = 0,
            Unchanged = 0,
            Quarantined = 0,
            Passages = passages,
            Seconds = 0,
            Kernels = kernels,
            ChatFault = chatFault,
        };
        var status = new ServiceSnapshot
        {
            At = DateTimeOffset.UnixEpoch,
            StartedAt = DateTimeOffset.UnixEpoch,
            Version = "0",
            DefaultModel = model,
            BaseUrl = ready.BaseUrl,
            InFlight = 0,
            InFlightMax = 1,
            ResidentBytes = 0,
        };
        ready.Print(output, "data", isUp: true, status);
        return output.ToString();
    }
}
