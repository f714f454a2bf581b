using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>Reads <c>response_format</c>, <c>tools</c> and <c>tool_choice</c>.</summary>
internal static class AnswerForms
{
    /// <param name="request">The request.</param>
    /// <param name="format">How the model writes calls.</param>
    /// <param name="writable">What the model can write.</param>
    /// <param name="toolsFault">Why its template cannot be used with tools though it speaks of them, or null.</param>
    public static AnswerForm Of(ChatRequest request, ToolFormat format, WritableText writable, string? toolsFault = null)
    {
        try
        {
            return Read(request, format, writable, toolsFault);
        }
        catch (SchemaFault fault)
        {
            var isTools = request.Tools is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0 && Choice(request).Mode is not ("auto" or "none");
            return Refuse(request, $"the schema cannot be enforced: {fault.Message}", isTools ? "tools" : "response_format");
        }
    }

    private static AnswerForm Read(ChatRequest request, ToolFormat format, WritableText writable, string? templateFault)
    {
        var (mode, chosen) = Choice(request);
        var tools = ToolDefinitions.Read(request.Tools, out var toolsFault);
        if (toolsFault is not null)
        {
            return Refuse(request, toolsFault, "tools");
        }

        if (tools.Count == 0 || mode == "none")
        {
            return mode is "none" or "auto"
                ? ReadFormat(request, writable) with { HidesTools = true }
                : Refuse(request, "tool_choice asks for a call, and there are no tools", "tool_choice");
        }

        if (FormatType(request) is not (null or "text"))
        {
            return Refuse(request, "response_format and tools together are not supported", "response_format");
        }

        if (mode == "auto")
        {
            return format == ToolFormat.None
                ? Refuse(request, $"this model's chat template {(templateFault is null ? "has no tools in a format that is read here" : $"cannot be used with tools: {templateFault}")}; name one in tool_choice, or send tool_choice 'required' or 'none'", "tools")
                : new AnswerForm { Request = request, Calls = format, ToolNames = [.. tools.Select(t => t.Name)] };
        }

        var allowed = chosen is null ? tools : tools.Where(t => t.Name == chosen).ToList();
        return mode is "required" or "function" && allowed.Count > 0
            ? Forced(request, format, allowed, writable) with { ToolNames = [.. allowed.Select(t => t.Name)] }
            : Refuse(request, chosen is null ? $"tool_choice '{mode}' is not supported; known are none, auto, required and a function" : $"tool_choice names '{chosen}', which is not among the tools", "tool_choice");
    }

    private static AnswerForm Forced(ChatRequest request, ToolFormat format, IReadOnlyList<ToolDefinition> tools, WritableText writable)
    {
        var schemas = tools.Select(t => (t.Name, t.Parameters)).ToList();
        return format switch
        {
            ToolFormat.Tagged => new AnswerForm { Request = request, Calls = format, Grammar = ConstraintGrammars.ToolCall(schemas, writable, "<tool_call>\n", "arguments", "\n</tool_call>") },
            ToolFormat.LlamaJson => new AnswerForm { Request = request, Calls = format, Grammar = ConstraintGrammars.ToolCall(schemas, writable, "", "parameters", "") },
            _ => new AnswerForm
            {
                Request = ToolDefinitions.Describe(request, tools),
                HidesTools = true,
                Calls = ToolFormat.OwnJson,
                Grammar = ConstraintGrammars.ToolCall(schemas, writable, "", "arguments", ""),
            },
        };
    }

    private static AnswerForm ReadFormat(ChatRequest request, WritableText writable)
    {
        switch (FormatType(request))
        {
            case null or "text":
                return new AnswerForm { Request = request };
            case "json_object":
                return new AnswerForm
                {
                    Request = request,
                    Grammar = request.ResponseFormat!.Value.TryGetProperty("schema", out var schema) && schema.ValueKind != JsonValueKind.Null ? ConstraintGrammars.ObjectOf(schema, writable) : ConstraintGrammars.AnyObject(writable),
                };
            case "json_schema":
                var format = request.ResponseFormat!.Value;
                var hasSchema = format.TryGetProperty("json_schema", out var named) && named.ValueKind == JsonValueKind.Object && named.TryGetProperty("schema", out _);
                return hasSchema
                    ? new AnswerForm { Request = request, Grammar = SchemaCompiler.Compile(named.GetProperty("schema"), writable) }
                    : Refuse(request, "response_format.json_schema.schema is missing", "response_format");
            case var other:
                return Refuse(request, $"response_format.type is '{other}'; known are text, json_object and json_schema", "response_format");
        }
    }

    private static string? FormatType(ChatRequest request) => request.ResponseFormat switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Object } format when format.TryGetProperty("type", out var type) => type.ToString(),
        _ => "(none)",
    };

    private static (string Mode, string? Tool) Choice(ChatRequest request) => request.ToolChoice switch
    {
        null or { ValueKind: JsonValueKind.Null } => ("auto", null),
        { ValueKind: JsonValueKind.String } choice => (choice.GetString()!, null),
        { ValueKind: JsonValueKind.Object } choice when choice.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object && function.TryGetProperty("name", out var name) =>
            ("function", name.ToString()),
        { } choice => (choice.ToString(), null),
    };

    private static AnswerForm Refuse(ChatRequest request, string fault, string param) => new() { Request = request, Fault = fault, Param = param };
}
