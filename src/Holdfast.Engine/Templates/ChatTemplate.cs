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

    /// <summary>
    /// Renders a request. A message of a role that the template passes over would be lost without a word: a developer's is then shown
    /// as the system's, which is what the role means, and any other refused.
    /// </summary>
    public RenderedChat Render(ChatRequest request, RenderSettings settings)
    {
        var chat = RenderAsSent(request, settings);
        if (!UnusualRoles.Are(request) || (chat.Fault is null && Lost(request) is null))
        {
            return chat;
        }

        if (UnusualRoles.DeveloperAsSystem(request) is { } mapped && RenderAsSent(mapped, settings) is { Fault: null } renamed && Lost(mapped) is null)
        {
            return renamed;
        }

        return chat.Fault is not null ? chat
            : Refuse($"the chat template leaves the message of the role '{Lost(request)}' out; the roles that templates know are system, user, assistant and tool");

        string? Lost(ChatRequest shown) => UnusualRoles.Lost(request, shown, probe => RenderAsSent(probe, settings));
    }

    private RenderedChat RenderAsSent(ChatRequest request, RenderSettings settings)
    {
        if (ToolsFault is not null && HasTools(request, settings))
        {
            return Refuse($"this model's chat template cannot be used with tools: {ToolsFault}");
        }

        string? first = null;
        foreach (var shape in request.Messages.Any(m => CallHistory.Calls(m) is not null) ? CallShape.Tries : CallShape.Usual)
        {
            if (TryRender(request, settings, shape, out var chat) is not { } fault)
            {
                return chat;
            }

            first ??= fault;
        }

        return Refuse($"the chat template refuses these messages: {first}");
    }

    private string? TryRender(ChatRequest request, RenderSettings settings, CallShape shape, out RenderedChat chat)
    {
        chat = Refuse("");
        try
        {
            var budget = new RenderBudget(settings.Limits, settings.CancellationToken);
            var text = new Renderer(budget).Render(_body, ChatContext.Build(request, settings, shape, budget));
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
