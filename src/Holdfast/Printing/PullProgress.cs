using System.Text.Json;
using Holdfast.Pulling;
using Spectre.Console;

namespace Holdfast.Printing;

/// <summary>Shows how far a pull is, on standard error: JSON lines for a program, a bar on a terminal, a plain line now and then otherwise.</summary>
internal static class PullProgress
{
    public static async Task<T> ShowAsync<T>(bool isJson, TimeProvider time, Func<IPullReport, Task<T>> work)
    {
        if (isJson || Console.IsErrorRedirected)
        {
            return await work(new LineReport(time, isJson));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context => await work(new BarReport(console, context.AddTask("  pulling", autoStart: true))));
    }

    private sealed class LineReport(TimeProvider time, bool isJson) : IPullReport
    {
        private readonly TimeSpan _interval = isJson ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(5);
        private long _last = time.GetTimestamp();

        public void Note(string text) => Console.Error.WriteLine(isJson ? JsonSerializer.Serialize(new PullNote(text), Json.Line) : "  " + text);

        public void Progress(long doneBytes, long totalBytes)
        {
            if (doneBytes < totalBytes && time.GetElapsedTime(_last) < _interval)
            {
                return;
            }

            _last = time.GetTimestamp();
            Console.Error.WriteLine(isJson
                ? JsonSerializer.Serialize(new PullStep("pulling", doneBytes, totalBytes), Json.Line)
                : $"  {ByteText.Of(doneBytes)} of {ByteText.Of(totalBytes)}");
        }
    }

    private sealed class BarReport(IAnsiConsole console, ProgressTask bar) : IPullReport
    {
        public void Note(string text) => console.WriteLine("  " + text);

        public void Progress(long doneBytes, long totalBytes)
        {
            bar.MaxValue = totalBytes;
            bar.Value = doneBytes;
        }
    }
}
