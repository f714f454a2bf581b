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

    private static string Printed(string kernels)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var ready = new ReadyLine
        {
            BaseUrl = "http://127.0.0.1:8080/v1",
            ConsoleUrl = "http://127.0.0.1:8080/?sign-in=x",
            Key = "k",
            Model = "small",
            Documents = 0,
            Unchanged = 0,
            Quarantined = 0,
            Passages = 0,
            Seconds = 0,
            Kernels = kernels,
        };
        var status = new ServiceSnapshot
        {
            At = DateTimeOffset.UnixEpoch,
            StartedAt = DateTimeOffset.UnixEpoch,
            Version = "0",
            DefaultModel = "small",
            BaseUrl = ready.BaseUrl,
            InFlight = 0,
            InFlightMax = 1,
            ResidentBytes = 0,
        };
        ready.Print(output, "data", isUp: true, status);
        return output.ToString();
    }
}
