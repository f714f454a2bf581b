using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>What a chat template sees of a request: messages, tools and the request's own template arguments.</summary>
internal static class ChatContext
{
    // The known roles are our own words, so a template that writes '<|' + role + '|>' still makes its special token.
    private static readonly string[] KnownRoles = ["system", "developer", "user", "assistant", "tool", "function", "ipython"];

    private static readonly string[] Reserved = ["messages", "tools", "documents", "bos_token", "eos_token", "add_generation_prompt", .. Globals.Names];

    /// <summary>A template argument of the request that would be lost, because the engine sets it; one that asks for the usual is none.</summary>
    public static string? LostArgument(ChatRequest request) =>
        request.ChatTemplateKwargs is { ValueKind: JsonValueKind.Object } more
            ? more.EnumerateObject().Where(m => Reserved.Contains(m.Name) && !(m.Name == "add_generation_prompt" && m.Value.ValueKind == JsonValueKind.True)).Select(m => m.Name).FirstOrDefault()
            : null;

    public static Scope Build(ChatRequest request, RenderSettings settings, CallShape shape, RenderBudget budget)
    {
        var scope = new Scope(null);
        Globals.Add(scope, settings.Now);
        scope.Set("bos_token", SpanString.Template(settings.BosToken ?? ""));
        scope.Set("eos_token", SpanString.Template(settings.EosToken ?? ""));
        scope.Set("add_generation_prompt", settings.AddsGenerationPrompt);
        scope.Set("documents", null);
        scope.Set("tools", settings.HidesTools || request.Tools is not { ValueKind: JsonValueKind.Array } tools || tools.GetArrayLength() == 0 ? null : JsonValues.Of(tools));
        scope.Set("messages", request.Messages.Select(object? (m) => Message(m, shape, budget)).ToList());
        if (request.ChatTemplateKwargs is { ValueKind: JsonValueKind.Object } more)
        {
            foreach (var member in more.EnumerateObject())
            {
                if (!Reserved.Contains(member.Name))
                {
                    scope.Set(member.Name, JsonValues.Of(member.Value));
                }
            }
        }

        return scope;
    }

    private static TemplateMap Message(ChatMessage message, CallShape shape, RenderBudget budget)
    {
        var map = new TemplateMap();
        map.Set("role", KnownRoles.Contains(message.Role) ? SpanString.Template(message.Role) : SpanString.Caller(message.Role));
        map.Set("content", SpanString.Caller(message.Text));
        if (message.Raw is not { ValueKind: JsonValueKind.Object } raw)
        {
            return map;
        }

        foreach (var member in raw.EnumerateObject())
        {
            if (member.Name == "tool_calls" && CallHistory.Calls(message) is { } calls)
            {
                map.Set("tool_calls", ToolCalls(calls, shape.HasTextArguments, budget));
            }
            else if (member.Name is not ("role" or "content") && !SaysNothing(member.Value))
            {
                map.Set(SpanString.Caller(member.Name), JsonValues.Of(member.Value));
            }
        }

        // An assistant's turn that only calls tools has no content: templates ask for none, and few for an empty text.
        if (!shape.HasEmptyContent && message.Text.Length == 0 && map.Has("tool_calls") && (!raw.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null))
        {
            map.Set("content", null);
        }

        return map;
    }

    // OpenAI's client sends back all members it knows, "tool_calls": null and "annotations": [] among them; a template takes those for calls.
    private static bool SaysNothing(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    // The API sends arguments as text, templates want the object.
    private static List<object?> ToolCalls(JsonElement calls, bool hasTextArguments, RenderBudget budget)
    {
        var list = (List<object?>)JsonValues.Of(calls)!;
        foreach (var call in list)
        {
            if (call is TemplateMap map && map.TryGet("function", out var function) && function is TemplateMap inner
                && inner.TryGet("arguments", out var arguments))
            {
                inner.Set("arguments", hasTextArguments && arguments is not SpanString ? JsonText.Of(arguments, CallArguments.None, budget)
                    : !hasTextArguments && arguments is SpanString text ? Parsed(text) : arguments);
            }
        }

        return list;
    }

    private static object? Parsed(SpanString text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? JsonValues.Of(document.RootElement) : text;
        }
        catch (JsonException)
        {
            // A model's own broken arguments come back in the next turn: the template shows them as they are.
            return text;
        }
    }
}
