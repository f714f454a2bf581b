using System.CommandLine;
using System.Net;
using System.Text.Json;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary><c>holdfast search</c> and <c>holdfast ask</c>: one question, or a line each from a file or standard input.</summary>
internal static class QuestionVerbs
{
    public static Command CreateSearch()
    {
        var command = new Command("search", "Find passages");
        var query = new Argument<string?>("query") { Description = "What to look for", Arity = ArgumentArity.ZeroOrOne };
        var collection = new Option<string?>("--collection") { Description = "Collection to search; may be left out when there is one", HelpName = "NAME" };
        var topK = WholeNumberOption.Create("--top-k", 1, VerbDesk.TopKMax, "Passages wanted, 1 to 100; 6 unless said");
        var filter = new Option<string?>("--filter") { Description = """Filter as in the vector store API, such as {"type":"eq","key":"path","value":"a.md"}""", HelpName = "JSON" };
        command.Arguments.Add(query.NotEmpty("search"));
        command.Options.Add(collection);
        command.Options.Add(topK);
        command.Options.Add(filter);
        filter.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !TryParse(text, out _))
            {
                result.AddError($"--filter is not JSON: {text}");
            }
        });
        var batch = new BatchFlags(command, query);
        command.SetAction((parsed, cancellationToken) => batch.RunAsync(
            parsed,
            "/admin/search",
            text => JsonSerializer.Serialize(
                new SearchLine
                {
                    Query = text,
                    Collection = parsed.GetValue(collection),
                    TopK = parsed.GetValue(topK),
                    Filter = parsed.GetValue(filter) is { } json && TryParse(json, out var element) ? element : null,
                },
                Json.Line),
            PrintHits,
            cancellationToken));
        return command;
    }

    public static Command CreateAsk()
    {
        var command = new Command("ask", "Ask a question; exit code 1 when nothing in the documents answers");
        var question = new Argument<string?>("question") { Description = "The question", Arity = ArgumentArity.ZeroOrOne };
        var model = new Option<string?>("--model") { Description = "Model to ask, such as extractive@handbook; the default one unless said", HelpName = "NAME" };
        command.Arguments.Add(question.NotEmpty("ask"));
        command.Options.Add(model);
        var batch = new BatchFlags(command, question);
        command.SetAction((parsed, cancellationToken) => batch.RunAsync(
            parsed,
            "/admin/ask",
            text => JsonSerializer.Serialize(new AskLine(null, text, parsed.GetValue(model)), Json.Line),
            PrintAnswer,
            cancellationToken));
        return command;
    }

    private static void PrintHits(JsonElement answer)
    {
        foreach (var hit in answer.GetProperty("hits").EnumerateArray())
        {
            var place = hit.TryGetProperty("page", out var page) ? $"page {page.GetInt32()}" : hit.TryGetProperty("heading", out var heading) ? heading.GetString() : "";
            Console.WriteLine($"{hit.GetProperty("score").GetDouble():0.00}  {Terminal.Shown(hit.GetProperty("document").GetString())}  {Terminal.Shown(place)}");
            Console.WriteLine($"      {Terminal.Shown(string.Join(' ', hit.GetProperty("text").GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))}");
        }

        if (answer.GetProperty("hits").GetArrayLength() == 0)
        {
            Console.WriteLine("nothing found");
        }
    }

    private static void PrintAnswer(JsonElement answer)
    {
        foreach (var line in answer.GetProperty("answer").GetString()!.Split('\n'))
        {
            Console.WriteLine(Terminal.Shown(line));
        }

        var seen = new HashSet<string>();
        foreach (var citation in answer.GetProperty("citations").EnumerateArray())
        {
            var place = citation.TryGetProperty("page", out var page) ? $", page {page.GetInt32()}" : citation.TryGetProperty("heading", out var heading) ? $", {heading.GetString()}" : "";
            var source = Terminal.Shown(citation.GetProperty("document").GetString() + place);
            if (seen.Add(source))
            {
                Console.WriteLine($"  [{seen.Count}] {source}");
            }
        }

        Console.WriteLine($"  {answer.GetProperty("model").GetString()} · holdfast trace {answer.GetProperty("requestId").GetString()}");
    }

    private static bool TryParse(string json, out JsonElement element)
    {
        try
        {
            element = JsonElement.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            element = default;
            return false;
        }
    }

    /// <summary>What both verbs share: the configuration, <c>--json</c>, <c>--batch</c>.</summary>
    private sealed class BatchFlags
    {
        private readonly ConfigurationFlags _configuration;
        private readonly Argument<string?> _text;
        private readonly Option<bool> _json = new("--json") { Description = "One JSON object a line" };
        private readonly Option<string?> _batch = new("--batch") { Description = "Read JSON lines from FILE, or from standard input", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };

        public BatchFlags(Command command, Argument<string?> text)
        {
            _text = text;
            command.Options.Add(_batch);
            command.Options.Add(_json);
            _configuration = new ConfigurationFlags(command);
            command.Validators.Add(result =>
            {
                if (result.GetResult(_batch) is { Tokens: [var file] } && !File.Exists(file.Value))
                {
                    result.AddError($"there is no file {file.Value}; check the path");
                }

                if (result.GetResult(text) is { Tokens.Count: > 0 } && result.GetResult(_batch) is not null)
                {
                    result.AddError($"{command.Name} takes a {text.Name} or --batch, not both");
                }

                if (result.GetValue(text) is null && result.GetResult(_batch) is null)
                {
                    result.AddError($"{command.Name} needs a {text.Name}, or --batch");
                }
            });
        }

        public Task<int> RunAsync(ParseResult parsed, string path, Func<string, string> toLine, Action<JsonElement> print, CancellationToken cancellationToken) =>
            VerbRun.WithOwnerAsync(
                parsed,
                _configuration,
                (owner, token) => parsed.GetResult(_batch) is null
                    ? OneAsync(owner, path, toLine(parsed.GetValue(_text)!), parsed.GetValue(_json) ? null : print, token)
                    : ManyAsync(owner, path, parsed.GetValue(_batch), token),
                cancellationToken);

        private static async Task<int> OneAsync(Owner owner, string path, string line, Action<JsonElement>? print, CancellationToken cancellationToken)
        {
            var (status, body) = await owner.SendAsync(HttpMethod.Post, path, line, cancellationToken);
            var answer = JsonElement.Parse(body);
            if (status != HttpStatusCode.OK)
            {
                await Console.Error.WriteLineAsync(answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString() : body);
                return ExitCode.Fault;
            }

            if (print is null)
            {
                Console.WriteLine(body);
            }
            else
            {
                print(answer);
            }

            return IsNo(answer) ? ExitCode.No : ExitCode.Done;
        }

        private static async Task<int> ManyAsync(Owner owner, string path, string? file, CancellationToken cancellationToken)
        {
            using var reader = file is null ? Console.In : new StreamReader(file);
            var code = ExitCode.Done;
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.Trim().Length == 0)
                {
                    continue;
                }

                var (status, body) = await owner.SendAsync(HttpMethod.Post, path, line, cancellationToken);
                Console.WriteLine(body);
                code = status == HttpStatusCode.OK ? code : ExitCode.Fault;
            }

            return code;
        }

        private static bool IsNo(JsonElement answer) =>
            (answer.TryGetProperty("refused", out var refused) && refused.GetBoolean()) || (answer.TryGetProperty("hits", out var hits) && hits.GetArrayLength() == 0);
    }
}
