using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;

namespace Holdfast.Gateway.Counting;

/// <summary>
/// The estimate for models whose vocabulary we do not hold. Never exact. The vocabulary is read at the first count (150 ms on a busy core, 12 MiB)
/// and stays.
/// A chat costs, beside its texts: 4 tokens a message (two borders, the role, a line break: what ChatML and Llama 3 add) and 3 for the
/// head of the answer; tool definitions and tool calls count as their JSON. Images and audio are not counted.
/// A message that came before is looked up (<see cref="CountMemory"/>).
/// </summary>
public sealed class O200kCounter : ITokenCounter
{
    private const int TokensPerMessage = 4;
    private const int TokensOfAnswerHead = 3;

    /// <summary>1 Mi characters in each of two generations: 4 MiB at the most.</summary>
    private const int RememberedCharsMax = 1 << 20;

    private readonly CountMemory _memory = new(RememberedCharsMax);
    private readonly Lazy<O200kTokens> _tokens = new(static () => new O200kTokens(O200kVocabulary.Load()));

    /// <summary>Reads the vocabulary now, so that the first request does not wait for it.</summary>
    public void Load() => _ = _tokens.Value;

    public TokenCount Count(string model, string text) => new(_tokens.Value.Count(text), false);

    public TokenCount CountPrompt(string model, CallKind kind, ChatRequest request)
    {
        var (tokens, longest) = (0, 0);
        foreach (var input in request.Inputs)
        {
            var count = _tokens.Value.Count(input);
            (tokens, longest) = (tokens + count, Math.Max(longest, count));
        }

        if (kind != CallKind.Chat)
        {
            return new TokenCount(tokens, false) { Longest = longest };
        }

        foreach (var message in request.Messages)
        {
            tokens += TokensPerMessage + Remembered(message.Text);
            if (message.Raw is { ValueKind: System.Text.Json.JsonValueKind.Object } raw && raw.TryGetProperty("tool_calls", out var calls))
            {
                tokens += _tokens.Value.Count(calls.GetRawText());
            }
        }

        if (request.Tools is { } tools)
        {
            tokens += _tokens.Value.Count(tools.GetRawText());
        }

        return new TokenCount(tokens + TokensOfAnswerHead, false);
    }

    private int Remembered(string text)
    {
        if (text.Length < CountMemory.TextCharsMin)
        {
            return _tokens.Value.Count(text);
        }

        if (!_memory.TryFind(text, out var tokens))
        {
            tokens = _tokens.Value.Count(text);
            _memory.Add(text, tokens);
        }

        return tokens;
    }
}
