using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Printing;

namespace Holdfast.Verbs;

/// <summary>Answers one JSON line of <c>search</c> or <c>ask</c>: in the server for verbs that ask it, or in the verb's own process.</summary>
internal sealed class VerbDesk(IRetriever retriever, IAsk asker)
{
    public const int TopKMax = 100;
    private const int TopKDefault = 6;

    public async Task<DeskAnswer> SearchAsync(string text, CancellationToken cancellationToken)
    {
        if (!TryRead<SearchLine>(text, out var line, out var fault))
        {
            return Fault(null, fault);
        }

        if (string.IsNullOrWhiteSpace(line.Query))
        {
            return Fault(line.Id, "query is missing; give the text to search for");
        }

        if (line.TopK is < 1 or > TopKMax)
        {
            return Fault(line.Id, $"topK is {line.TopK}; it must lie in 1..{TopKMax}");
        }

        if ((line.Collection ?? OnlyCollection()) is not { } collection)
        {
            return Fault(line.Id, CollectionWanted());
        }

        var query = new SearchQuery { Collection = collection, Text = line.Query, Filter = line.Filter, TopK = line.TopK ?? TopKDefault };
        var result = await retriever.SearchAsync(query, cancellationToken);
        return result.Fault is { } refused
            ? Fault(line.Id, $"{refused.Param}: {refused.Message}")
            : new DeskAnswer(JsonSerializer.Serialize(SearchHits.From(line.Id, result), Json.Line), IsFault: false);
    }

    public async Task<DeskAnswer> AskAsync(string text, CancellationToken cancellationToken)
    {
        if (!TryRead<AskLine>(text, out var line, out var fault))
        {
            return Fault(null, fault);
        }

        if (string.IsNullOrWhiteSpace(line.Question))
        {
            return Fault(line.Id, "question is missing");
        }

        var outcome = await asker.AskAsync(line.Question, line.Model, "shell", cancellationToken);
        return outcome.Fault is { } refused
            ? Fault(line.Id, refused.Message)
            : new DeskAnswer(JsonSerializer.Serialize(AskAnswer.From(line.Id, outcome), Json.Line), IsFault: false);
    }

    private string? OnlyCollection() => retriever.Collections is [var only] ? only.Name : null;

    private string CollectionWanted() => retriever.Collections.Count == 0
        ? "there is no collection; read a folder first: holdfast ingest FOLDER"
        : $"collection is missing; there are {string.Join(", ", retriever.Collections.Select(one => one.Name))}";

    private static DeskAnswer Fault(JsonElement? id, string error) => new(JsonSerializer.Serialize(new LineFault(id, error), Json.Line), IsFault: true);

    private static bool TryRead<T>(string text, out T line, out string fault) where T : class
    {
        (line, fault) = (null!, "");
        try
        {
            var json = JsonElement.Parse(text);
            if (json.ValueKind != JsonValueKind.Object)
            {
                fault = $"the line is {Shape(json)}; a JSON object is wanted";
                return false;
            }

            line = json.Deserialize<T>(Json.Line)!;
            return true;
        }
        catch (JsonException broken)
        {
            // Only what a member holds has a path below the root; the reader's words for the rest are plain.
            fault = broken.Path is ['$', '.', .. var member]
                ? $"{member} must be {(member == "topK" ? $"a whole number in 1..{TopKMax}" : "a text")}"
                : $"the line is not JSON: {broken.Message}";
            return false;
        }
    }

    private static string Shape(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}
