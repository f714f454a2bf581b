using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>A model's chat template, checked when it is loaded. Immutable; any thread may render.</summary>
internal sealed class ChatTemplate
{
    public const int SourceCharactersMax = 1024 * 1024;

    private readonly IReadOnlyList<Statement> _body;
    private readonly bool _thinks;

    private ChatTemplate(string source, IReadOnlyList<Statement> body, string? toolsFault)
    {
        Source = source;
        ToolsFault = toolsFault;
        _body = body;
        _thinks = source.Contains("</think>", StringComparison.Ordinal);
        ToolFormat = ToolFormats.Of(source, toolsFault);
    }

    public string Source { get; }

    /// <summary>Why the template cannot be used with tools though it speaks of them; null when it can.</summary>
    public string? ToolsFault { get; }

    /// <summary>How the model writes a tool call; <see cref="ToolFormat.None"/> when the template does not say in a way we read.</summary>
    public ToolFormat ToolFormat { get; }

    /// <summary>Throws <see cref="TemplateException"/> with the first construct that is not supported.</summary>
    public static ChatTemplate Load(string source)
    {
        if (source.Length > SourceCharactersMax)
        {
            throw new TemplateException(1, 1, $"it has {source.Length} characters; {SourceCharactersMax} is the limit");
        }

        source = Lexer.Normalise(source);
        var body = TemplateParser.Parse(source);
        var check = ConstructCheck.Of(body);
        if (check.Fault is var (position, message))
        {
            throw SourcePlace.Fault(source, position, message);
        }

        var toolsFault = check.ToolsFault is var (toolsPosition, toolsMessage) ? SourcePlace.Fault(source, toolsPosition, toolsMessage).Message : null;
        return new ChatTemplate(source, body, toolsFault);
    }

    public RenderedChat Render(ChatRequest request, RenderSettings settings)
    {
        if (ToolsFault is not null && HasTools(request, settings))
        {
            return Refuse($"this model's chat template cannot be used with tools: {ToolsFault}");
        }

        if (TryRender(request, settings, hasTextArguments: false, out var chat) is not { } fault)
        {
            return chat;
        }

        // Some templates join the arguments of a call to text, though most want the object.
        var hasCalls = request.Messages.Any(m => m.Raw is { ValueKind: JsonValueKind.Object } raw && raw.TryGetProperty("tool_calls", out _));
        return hasCalls && TryRender(request, settings, hasTextArguments: true, out chat) is null ? chat : Refuse($"the chat template refuses these messages: {fault}");
    }

    private string? TryRender(ChatRequest request, RenderSettings settings, bool hasTextArguments, out RenderedChat chat)
    {
        chat = Refuse("");
        try
        {
            var text = new Renderer(settings.Limits).Render(_body, ChatContext.Build(request, settings, hasTextArguments));
            chat = new RenderedChat(text.Spans, ThinkingAfter(text.Text), null);
            return null;
        }
        catch (RenderFault fault)
        {
            return fault.Message;
        }
    }

    private static RenderedChat Refuse(string fault) => new([], ThinkingStart.None, fault);

    private static bool HasTools(ChatRequest request, RenderSettings settings) =>
        (!settings.HidesTools && request.Tools is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0)
        || request.Messages.Any(m => m.Role is "tool" or "function" || (m.Raw is { ValueKind: JsonValueKind.Object } raw && raw.TryGetProperty("tool_calls", out _)));

    private ThinkingStart ThinkingAfter(string prompt)
    {
        if (!_thinks)
        {
            return ThinkingStart.None;
        }

        var end = prompt.AsSpan().TrimEnd();
        return end.EndsWith("<think>") ? ThinkingStart.Open : end.EndsWith("</think>") ? ThinkingStart.None : ThinkingStart.Possible;
    }
}
