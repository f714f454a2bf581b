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

    /// <summary>Renders a request as it is. What the template passes over is not in the prompt: <see cref="WholeChat"/> sees to that.</summary>
    public RenderedChat Render(ChatRequest request, RenderSettings settings)
    {
        if (ToolsFault is not null && HasTools(request, settings))
        {
            return RenderedChat.Refuse($"this model's chat template cannot be used with tools: {ToolsFault}");
        }

        RenderedChat? first = null;
        foreach (var shape in request.Messages.Any(m => CallHistory.Calls(m) is not null) ? CallShape.Tries : CallShape.Usual)
        {
            var chat = Render(request, settings, shape);
            if (chat.Fault is null || chat.IsOverLimit)
            {
                return chat;
            }

            first ??= chat;
        }

        return first!;
    }

    private RenderedChat Render(ChatRequest request, RenderSettings settings, CallShape shape)
    {
        try
        {
            var budget = new RenderBudget(settings.Limits, settings.CancellationToken);
            var text = new Renderer(budget).Render(_body, ChatContext.Build(request, settings, shape, budget));
            return new RenderedChat(text.Spans, ThinkingAfter(text.Text), null);
        }
        catch (RenderFault fault)
        {
            return RenderedChat.Refuse($"the chat template refuses these messages: {fault.Message}") with { IsOverLimit = fault.IsLimit };
        }
    }

    private static bool HasTools(ChatRequest request, RenderSettings settings) =>
        (!settings.HidesTools && request.Tools is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0)
        || request.Messages.Any(m => m.Role is "tool" or "function" || CallHistory.Calls(m) is not null);

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
