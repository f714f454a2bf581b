using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Searching;
using Holdfast.Gateway.Exchanges;

namespace Holdfast.Gateway.Answers;

/// <summary>The parts of an answer's JSON that streamed, whole and passed-on answers share.</summary>
internal static class AnswerJson
{
    public static void Usage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.PromptTokens);
        json.WriteNumber("completion_tokens"u8, usage.CompletionTokens);
        json.WriteNumber("total_tokens"u8, usage.PromptTokens + usage.CompletionTokens);
        if (usage.CachedTokens is { } cached)
        {
            json.WriteStartObject("prompt_tokens_details"u8);
            json.WriteNumber("cached_tokens"u8, cached);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>The array of annotations, without a name.</summary>
    public static void Annotations(Utf8JsonWriter json, Exchange x, IReadOnlyList<Citation> citations)
    {
        json.WriteStartArray();
        foreach (var citation in citations)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "url_citation"u8);
            json.WriteStartObject("url_citation"u8);
            json.WriteNumber("start_index"u8, citation.AnswerStart);
            json.WriteNumber("end_index"u8, citation.AnswerEnd);
            json.WriteString("url"u8, $"{x.Origin}/documents/{Uri.EscapeDataString(citation.Passage.DocumentId)}?start={citation.Start}&length={citation.Length}");
            json.WriteString("title"u8, Title(citation.Passage));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The <c>holdfast</c> object, without a name.</summary>
    public static void Holdfast(Utf8JsonWriter json, Exchange x, IReadOnlyList<Citation> citations)
    {
        json.WriteStartObject();
        json.WriteString("requestId"u8, x.Id);
        json.WriteString("answeredBy"u8, x.Backend?.Name);
        json.WriteBoolean("refused"u8, x.IsRefusal);
        json.WriteString("collection"u8, x.Collection);
        json.WriteString("query"u8, x.Query);
        json.WriteStartArray("citations"u8);
        foreach (var citation in citations)
        {
            WriteCitation(json, citation);
        }

        json.WriteEndArray();
        if (x.Call?.Wish.Detail == true)
        {
            json.WriteStartArray("stages"u8);
            foreach (var stage in x.Stages)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, stage.Name);
                json.WriteNumber("microseconds"u8, stage.Microseconds);
                json.WriteString("verdict"u8, stage.Verdict);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteCitation(Utf8JsonWriter json, Citation citation)
    {
        json.WriteStartObject();
        json.WriteString("document"u8, citation.Passage.Document);
        json.WriteString("title"u8, citation.Passage.Title);
        if (citation.Passage.Heading is { } heading)
        {
            json.WriteString("heading"u8, heading);
        }

        if (citation.Passage.Page is { } page)
        {
            json.WriteNumber("page"u8, page);
        }

        json.WriteNumber("start"u8, citation.Start);
        json.WriteNumber("length"u8, citation.Length);
        json.WriteString("text"u8, citation.Text);
        json.WriteNumber("score"u8, Math.Round(citation.Passage.Score, 6));
        json.WriteEndObject();
    }

    /// <summary>The file, then where in it: <c>restart.md, Restarting</c>; <c>manual.pdf, page 12</c>.</summary>
    private static string Title(Passage passage) =>
        passage.Heading is { Length: > 0 } heading ? $"{passage.Document}, {heading}"
        : passage.Page is { } page ? $"{passage.Document}, page {page}"
        : passage.Document;
}
