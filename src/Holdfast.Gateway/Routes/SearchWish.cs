using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Wire;

namespace Holdfast.Gateway.Routes;

/// <summary>What a vector store search asks for.</summary>
internal sealed record SearchWish(IReadOnlyList<string> Queries, JsonElement? Filter, int ResultsMax, double ScoreMin)
{
    /// <summary>Several queries are searched as one text.</summary>
    public string Text => string.Join('\n', Queries);

    public static (SearchWish? Wish, AnswerFault? Fault) Read(byte[] body, int resultsByDefault, int resultsMax)
    {
        JsonElement root;
        try
        {
            // Not disposed: the filter lives on in the query.
            root = JsonDocument.Parse(body).RootElement;
        }
        catch (JsonException broken)
        {
            return (null, JsonFaults.Broken(body, broken));
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, Refusals.BadRequest("invalid_json", "The body must be a JSON object."));
        }

        var queries = ReadQueries(root);
        if (queries.Count == 0)
        {
            return (null, Refusals.BadRequest("missing_parameter", "'query' must be a text, or an array of texts.", "query"));
        }

        var wanted = resultsByDefault;
        if (root.TryGetProperty("max_num_results", out var number)
            && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out wanted) || wanted < 1 || wanted > resultsMax))
        {
            return (null, Refusals.BadRequest("invalid_value", $"'max_num_results' must be a whole number from 1 to {resultsMax}.", "max_num_results"));
        }

        JsonElement? filter = root.TryGetProperty("filters", out var filters) && filters.ValueKind != JsonValueKind.Null ? filters : null;
        var scoreMin = root.TryGetProperty("ranking_options", out var ranking) && ranking.ValueKind == JsonValueKind.Object
            && ranking.TryGetProperty("score_threshold", out var threshold) && threshold.ValueKind == JsonValueKind.Number
            ? threshold.GetDouble()
            : 0;
        return (new SearchWish(queries, filter, wanted, scoreMin), null);
    }

    private static List<string> ReadQueries(JsonElement root)
    {
        if (!root.TryGetProperty("query", out var query))
        {
            return [];
        }

        var texts = query.ValueKind switch
        {
            JsonValueKind.String => [query.GetString()!],
            JsonValueKind.Array when query.EnumerateArray().All(q => q.ValueKind == JsonValueKind.String) => query.EnumerateArray().Select(q => q.GetString()!).ToList(),
            _ => (List<string>)[],
        };
        return [.. texts.Where(t => !string.IsNullOrWhiteSpace(t))];
    }
}
