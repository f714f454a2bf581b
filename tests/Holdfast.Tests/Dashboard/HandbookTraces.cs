using System.Globalization;
using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Reading;
using Holdfast.Abstractions.Recording;
using Holdfast.Abstractions.Searching;

namespace Holdfast.Tests.Dashboard;

internal static class HandbookTraces
{
    public const string PumpId = "01JD8Q4M7Z";

    public static List<RequestTrace> All()
    {
        var traces = new List<RequestTrace> { Pump(), Refused(), Failed() };
        for (var i = 0; i < 130; i++)
        {
            traces.Add(Pump() with
            {
                Id = "01JD8Q4A" + i.ToString("D3", CultureInfo.InvariantCulture),
                At = HandbookRoom.Now.AddSeconds(-20 - (7 * i)),
                Microseconds = 12_000 + (i * 137 % 40_000),
                TtftMicroseconds = 9_000 + (i * 91 % 20_000),
                Usage = new TraceUsage(800 + (i * 13 % 900), 20 + (i % 90), null, "counted"),
            });
        }

        return traces;
    }

    public static TraceRow Row(RequestTrace trace) => new()
    {
        Id = trace.Id,
        At = trace.At,
        Key = trace.Key,
        Route = trace.Route,
        Model = trace.Model,
        AnsweredBy = trace.AnsweredBy,
        Status = trace.Status,
        Microseconds = trace.Microseconds,
        TtftMicroseconds = trace.TtftMicroseconds,
        PromptTokens = trace.Usage?.PromptTokens,
        CompletionTokens = trace.Usage?.CompletionTokens,
        Note = trace.Warnings.Count > 0 ? trace.Warnings[0] : null,
    };

    /// <summary>Three sentences of the pump page, two of one passage and one of another.</summary>
    public static AskOutcome PumpOutcome(IReadOnlyList<DocumentContent> documents)
    {
        var pump = documents.First(document => document.Row.Id == HandbookDocuments.PumpId);
        string[] sentences =
        [
            "Drain the instance first with `pumpctl drain --wait`; it finishes open batches and takes no new ones.",
            "Restart it once the queue depth reads zero.",
            "If the drain hangs for more than two minutes, the batch is stuck on the ledger lock: release it before the restart, never after.",
        ];
        var hangs = pump.Text.IndexOf("When the drain", StringComparison.Ordinal);
        Passage[] passages = [Part(pump, "Pump service > Restarting", 300, hangs, .91), Part(pump, "Pump service > When the drain hangs", hangs, pump.Text.Length, .74)];
        var text = "";
        var citations = new List<Citation>();
        for (var i = 0; i < sentences.Length; i++)
        {
            var passage = passages[i < 2 ? 0 : 1];
            var start = text.Length;
            text += sentences[i];
            citations.Add(new Citation(start, text.Length, passage, pump.Text.IndexOf(sentences[i], StringComparison.Ordinal), sentences[i].Length, sentences[i]));
            text += (i < 2 ? " [1]" : " [2]") + (i < 2 ? " " : "");
        }

        return new AskOutcome { RequestId = PumpId, Model = "extractive@handbook", AnsweredBy = "extractive", Text = text, Citations = citations, PassagesFound = 6, Microseconds = 31_240 };
    }

    private static Passage Part(DocumentContent document, string heading, int start, int end, double score)
    {
        // Passages begin at a word.
        var from = document.Text.LastIndexOf('\n', Math.Max(0, start - 1)) + 1;
        return new Passage
        {
            DocumentId = document.Row.Id,
            Document = document.Row.Path,
            Title = document.Row.Title,
            Heading = heading,
            Start = from,
            Length = end - from,
            Text = document.Text[from..end],
            Score = score,
        };
    }

    private static RequestTrace Pump() => new()
    {
        Id = PumpId,
        At = HandbookRoom.Now.AddSeconds(-3),
        Key = "search-team",
        Route = "POST /v1/chat/completions",
        Model = "llama-3.1-8b@handbook",
        AnsweredBy = "vllm-a",
        Upstream = "vllm-a",
        Status = 200,
        ClientRequestId = "client-77",
        Microseconds = 866_000,
        TtftMicroseconds = 262_000,
        Stages =
        [
            new TraceStage("authenticate", 0, 100, "ok", "key search-team"),
            new TraceStage("parse", 100, 200, "ok", "chat, 3 messages, stream"),
            new TraceStage("normalise", 300, 300, "ok", "2 zero-width characters left out of the search view"),
            new TraceStage("retrieve", 600, 8_100, "ok", "6 passages of 612, BM25"),
            new TraceStage("render prompt", 8_700, 400, "ok", "answer-with-sources 9f3c1ab2"),
            new TraceStage("count tokens", 9_100, 300, "ok", "1,502 + 400 of 4,096"),
            new TraceStage("admit", 10_000, 41_000, "granted", "9 of 64 in flight"),
            new TraceStage("route", 51_000, 100, "vllm-a"),
            new TraceStage("call", 51_100, 812_000, "200", "96 tokens, no retry"),
            new TraceStage("watch the stream", 262_000, 601_000, "ok"),
            new TraceStage("record", 863_700, 200, "ok", "4.1 kB"),
        ],
        Query = HandbookRoom.Question,
        Passages = [new TracePassage(HandbookDocuments.PumpId, "runbooks/pump.md", 160, 330, .91, "Drain the instance first with `pumpctl drain --wait`; it finishes open batches and takes no new ones.")],
        Prompt = new TracePrompt("answer-with-sources", "9f3c1ab2", "[system]\nAnswer from the passages only.\n[user]\nHow do I restart the pump service?\n", 1_502, IsExact: true),
        Received = new TraceMessage { Headers = new Dictionary<string, string> { ["content-type"] = "application/json", ["authorization"] = "Bearer hf-…masked" }, Body = """{"model":"llama-3.1-8b@handbook","temperature":1.50,"stream":true,"messages":[{"role":"user","content":"How do I restart the pump service?"}]}""", BodyBytes = 141 },
        Sent = new TraceMessage { Url = "POST http://10.0.0.11:8000/v1/chat/completions", Headers = new Dictionary<string, string> { ["content-type"] = "application/json" }, Body = """{"model":"llama-3.1-8b","temperature":1.50,"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"Answer from the passages only."},{"role":"user","content":"How do I restart the pump service?"}]}""", BodyBytes = 8_123 },
        Answer = new TraceMessage { Status = 200, Headers = new Dictionary<string, string> { ["content-type"] = "text/event-stream" }, Body = "data: {\"choices\":[{\"delta\":{\"content\":\"Drain\"}}]}\n\ndata: [DONE]\n\n", BodyBytes = 8_400 },
        Usage = new TraceUsage(1_502, 96, 128, "provider"),
        Edits = ["stream_options.include_usage added", "model renamed to llama-3.1-8b"],
    };

    private static RequestTrace Refused() => Pump() with
    {
        Id = "01JD8Q4R00",
        At = HandbookRoom.Now.AddSeconds(-9),
        Status = 429,
        AnsweredBy = null,
        Upstream = null,
        Sent = null,
        Usage = null,
        TtftMicroseconds = null,
        Microseconds = 1_200,
        Prompt = null,
        Query = null,
        Passages = [],
        Edits = [],
        Warnings = ["over budget: 1,904 tokens asked, 310 left, back in 6 s"],
        Stages = [new TraceStage("authenticate", 0, 100, "ok"), new TraceStage("admit", 200, 100, "refused", "over budget")],
    };

    private static RequestTrace Failed() => Refused() with
    {
        Id = "01JD8Q4F00",
        At = HandbookRoom.Now.AddSeconds(-12),
        Status = 502,
        Warnings = ["vllm-b closed the connection before the first byte"],
        Shortenings = [new TraceShortening("prompt", "upstream vllm-b", 812)],
    };
}
