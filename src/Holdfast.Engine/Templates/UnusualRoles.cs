using System.Globalization;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>Messages whose role few templates know: many pass over what they do not know, and the text is gone without a word.</summary>
internal static class UnusualRoles
{
    /// <summary>A word that no template changes and no caller writes: letters and digits, and looked for in any case.</summary>
    private const string Probe = "holdfastprobe7c41";

    public static bool Are(ChatRequest request) => request.Messages.Any(IsUnusual);

    /// <summary>OpenAI's newer name for the system's message; null where there is none.</summary>
    public static ChatRequest? DeveloperAsSystem(ChatRequest request) => request.Messages.Any(m => m.Role == "developer")
        ? request with { Messages = [.. request.Messages.Select(m => m.Role == "developer" ? m with { Role = "system" } : m)] }
        : null;

    /// <summary>
    /// The role of the first unusual message whose text does not reach the prompt; null when all do. Templates trim, quote and indent
    /// texts, so words of ours are rendered in their place and looked for.
    /// </summary>
    /// <param name="request">The request as sent: it says which messages are unusual.</param>
    /// <param name="shown">The same messages as the template is to see them.</param>
    /// <param name="render">Renders them.</param>
    public static string? Lost(ChatRequest request, ChatRequest shown, Func<ChatRequest, RenderedChat> render)
    {
        var probes = request.Messages.Select((m, i) => IsUnusual(m) ? string.Create(CultureInfo.InvariantCulture, $"{Probe}{i}x") : null).ToList();
        var chat = render(shown with { Messages = [.. shown.Messages.Select((m, i) => probes[i] is { } probe ? m with { Text = probe } : m)] });

        // A template that refuses our word says nothing about the text.
        var at = chat.Fault is not null ? -1 : probes.FindIndex(p => p is not null && !chat.Text.Contains(p, StringComparison.OrdinalIgnoreCase));
        return at < 0 ? null : request.Messages[at].Role;
    }

    private static bool IsUnusual(ChatMessage message) =>
        message.Role is not ("system" or "user" or "assistant" or "tool") && !string.IsNullOrWhiteSpace(message.Text);
}
