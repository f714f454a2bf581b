using System.Text.Json;
using Holdfast.Ingesting;
using Spectre.Console;

namespace Holdfast.Printing;

/// <summary>Shows how far reading is: JSON lines for a program, a bar on a terminal, a plain line now and then otherwise. All of it goes to standard error.</summary>
internal static class ReadingProgress
{
    // A folder of a thousand bad files must not push the summary off the screen.
    private const int QuarantinedShownMax = 20;

    public static async Task<T> ShowAsync<T>(bool isJson, TimeProvider time, Func<IIngestReport, Task<T>> work)
    {
        if (isJson)
        {
            return await work(new JsonReport(time));
        }

        if (Console.IsErrorRedirected)
        {
            return await work(new PlainReport(time));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var report = default(BarReport);
        var result = await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                report = new BarReport(context.AddTask("  reading", autoStart: true));
                return await work(report);
            });
        report?.PrintQuarantined();
        return result;
    }

    private static void PrintQuarantined(string path, string reason, int count)
    {
        if (count <= QuarantinedShownMax)
        {
            Console.Error.WriteLine($"  quarantined {(path.Length == 0 ? "the folder" : Terminal.Shown(path))}: {Terminal.Shown(reason)}");
        }
        else if (count == QuarantinedShownMax + 1)
        {
            Console.Error.WriteLine("  more are quarantined; see: holdfast documents --quarantined");
        }
    }

    private sealed class JsonReport(TimeProvider time) : IIngestReport
    {
        private long _last;

        public void Progress(int done, int total)
        {
            if (IsDue(time, ref _last, TimeSpan.FromMilliseconds(200)) || done == total)
            {
                Console.Error.WriteLine(JsonSerializer.Serialize(new { progress = "reading", done, total }, Json.Line));
            }
        }

        public void Quarantined(string path, string reason) =>
            Console.Error.WriteLine(JsonSerializer.Serialize(new { quarantined = path, reason }, Json.Line));
    }

    private sealed class PlainReport(TimeProvider time) : IIngestReport
    {
        private long _last = time.GetTimestamp();
        private int _quarantined;

        public void Progress(int done, int total)
        {
            if (IsDue(time, ref _last, TimeSpan.FromSeconds(5)))
            {
                Console.Error.WriteLine($"  reading {done} of {total} files");
            }
        }

        public void Quarantined(string path, string reason) => PrintQuarantined(path, reason, ++_quarantined);
    }

    private sealed class BarReport(ProgressTask bar) : IIngestReport
    {
        // Printed after the bar is gone: lines between its redraws would tear it.
        private readonly List<(string Path, string Reason)> _quarantined = [];

        public void Progress(int done, int total)
        {
            bar.MaxValue = total;
            bar.Value = done;
        }

        public void Quarantined(string path, string reason)
        {
            if (_quarantined.Count <= QuarantinedShownMax)
            {
                _quarantined.Add((path, reason));
            }
        }

        public void PrintQuarantined()
        {
            for (var i = 0; i < _quarantined.Count; i++)
            {
                ReadingProgress.PrintQuarantined(_quarantined[i].Path, _quarantined[i].Reason, i + 1);
            }
        }
    }

    private static bool IsDue(TimeProvider time, ref long last, TimeSpan interval)
    {
        if (last != 0 && time.GetElapsedTime(last) < interval)
        {
            return false;
        }

        last = time.GetTimestamp();
        return true;
    }
}
