using System.Text;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>Reads the array of tools, and puts them into words for a template that has none.</summary>
internal static class ToolDefinitions
{
    public const int CountMax = 128;

    public static IReadOnlyList<ToolDefinition> Read(JsonElement? tools, out string? fault)
    {
        fault = null;
        if (tools is not { ValueKind: JsonValueKind.Array } array)
        {
            fault = tools is null or { ValueKind: JsonValueKind.Null } ? null : "tools must be an array";
            return [];
        }

        var definitions = new List<ToolDefinition>();
        foreach (var tool in array.EnumerateArray())
        {
            if (tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("type", out var type) && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("function")))
            {
                fault = $"tools[{definitions.Count}].type must be function; no other kind is supported";
                return [];
            }

            if (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object
                || !function.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String || name.ValueEquals(""))
            {
                fault = $"tools[{definitions.Count}] must be a function with a name";
                return [];
            }

            fault = Wrong(function, $"tools[{definitions.Count}].function");
            if (fault is not null)
            {
                return [];
            }

            var description = function.TryGetProperty("description", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
            definitions.Add(new ToolDefinition(name.GetString()!, description, function.TryGetProperty("parameters", out var parameters) && parameters.ValueKind != JsonValueKind.Null ? parameters : null));
        }

        fault = definitions.Count > CountMax ? $"tools has {definitions.Count} entries; {CountMax} is the limit"
            : definitions.Select(d => d.Name).Distinct(StringComparer.Ordinal).Count() < definitions.Count ? "tools has the same name twice"
            : null;
        return fault is null ? definitions : [];
    }

    private static string? Wrong(JsonElement function, string place) =>
        function.TryGetProperty("description", out var text) && text.ValueKind is not (JsonValueKind.String or JsonValueKind.Null) ? $"{place}.description must be a string"
        : function.TryGetProperty("parameters", out var parameters) && parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null) ? $"{place}.parameters must be the schema of an object"
        : null;

    /// <summary>The request with the tools described in its system message. The words count as the caller's: they hold his texts.</summary>
    public static ChatRequest Describe(ChatRequest request, IReadOnlyList<ToolDefinition> tools)
    {
        var text = new StringBuilder("Answer with one function call as a JSON object {\"name\": ..., \"arguments\": {...}} and nothing else. Functions:");
        foreach (var tool in tools)
        {
            text.Append("\n- ").Append(tool.Name);
            text.Append(tool.Description is null ? "" : $": {tool.Description}");
            text.Append(tool.Parameters is { } parameters ? $" Arguments: {parameters.GetRawText()}" : "");
        }

        var first = request.Messages.Count > 0 && request.Messages[0].Role == "system" ? request.Messages[0] : null;
        var system = new ChatMessage { Role = "system", Text = first is null ? text.ToString() : $"{first.Text}\n\n{text}" };
        return request with { Messages = [system, .. request.Messages.Skip(first is null ? 0 : 1)] };
    }
}
