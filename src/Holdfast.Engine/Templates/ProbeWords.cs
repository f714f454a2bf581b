using System.Globalization;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Finds what a template passes over: the text would be gone without a word. Templates trim, quote and indent texts, so words of ours are
/// rendered in their place, all at once, and looked for. What templates drop rightly is not asked for: an assistant's texts, which hold
/// earlier reasoning, and questions before the last.
/// </summary>
internal static class ProbeWords
{
    /// <summary>A word that no template changes and no caller writes: letters and digits, and looked for in any case.</summary>
    private const string Probe = "holdfastprobe7c41";

    /// <summary>What does not reach the prompt, in words; null when all does.</summary>
    public static string? Lost(ChatRequest request, Func<ChatRequest, RenderedChat> render)
    {
        var words = new List<(string Word, string What)>();
        var question = request.Messages.Count - 1;
        while (question >= 0 && request.Messages[question].Role != "user")
        {
            question--;
        }

        var messages = request.Messages.Select((m, i) => Probed(m, i == question, words)).ToList();
        if (words.Count == 0)
        {
            return null;
        }

        var chat = render(request with { Messages = messages });

        // A template that refuses our word says nothing about the text.
        if (chat.Fault is not null)
        {
            return null;
        }

        var found = Found(chat.Text);
        return words.Find(w => !found.Contains(w.Word)).What;
    }

    /// <summary>The words of ours in a text, in one pass: a long chat has thousands.</summary>
    private static HashSet<string> Found(string text)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var place = text.IndexOf(Probe, StringComparison.OrdinalIgnoreCase); place >= 0; place = text.IndexOf(Probe, place + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = place + Probe.Length;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            found.Add(text[place..Math.Min(end + 1, text.Length)]);
        }

        return found;
    }

    private static ChatMessage Probed(ChatMessage message, bool isQuestion, List<(string Word, string What)> words)
    {
        if (CallHistory.Calls(message) is { } calls)
        {
            return message with { Raw = JsonCopy.With(message.Raw!.Value, "tool_calls", JsonCopy.Array(calls.EnumerateArray().Select(call => Named(call, words)))) };
        }

        return string.IsNullOrWhiteSpace(message.Text) || message.Role == "assistant" || (message.Role == "user" && !isQuestion)
            ? message : message with { Text = Next(words, $"the message of the role '{message.Role}'") };
    }

    private static JsonElement Named(JsonElement call, List<(string Word, string What)> words) =>
        JsonCopy.Changed(call, "function", function => JsonCopy.Changed(function, "name", _ => JsonCopy.Text(Next(words, "a call of an earlier turn"))));

    private static string Next(List<(string Word, string What)> words, string what)
    {
        words.Add((string.Create(CultureInfo.InvariantCulture, $"{Probe}{words.Count}x"), what));
        return words[^1].Word;
    }
}
