using System.Globalization;
using System.Runtime.InteropServices;
using Holdfast.Tests.Fakes;

namespace Holdfast.Bench.Relay;

/// <summary>The fake inference server of the tests as a process of its own, until a signal ends it.</summary>
internal static class FakeUpstream
{
    public static async Task<int> RunAsync(string[] args)
    {
        var port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0;
        var face = args.Length > 1 ? Enum.Parse<FakeFace>(args[1], ignoreCase: true) : FakeFace.Vllm;
        var pieces = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 200;
        var pace = TimeSpan.FromMilliseconds(args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 20);
        await using var fake = FakeVllm.Start(face, port, keeps: false);

        // An answer that does not stream is 1 kB, as in the measurements of the peers.
        fake.Script = request => request.IsStream
            ? new FakeScript { Pieces = pieces, Pace = pace, StampsTime = true }
            : new FakeScript { Pieces = 120, Piece = " word" };
        await Console.Out.WriteLineAsync($"fake upstream with the face of {face} at {fake.Url}");
        var ended = new TaskCompletionSource();
        using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ended.TrySetResult();
        });
        await ended.Task;
        return 0;
    }
}
