namespace Holdfast.Engine.Templates;

/// <summary>Reads the format of calls off a template's source.</summary>
internal static class ToolFormats
{
    public static ToolFormat Of(string source, string? toolsFault)
    {
        if (toolsFault is not null || !source.Contains("tools", StringComparison.Ordinal))
        {
            return ToolFormat.None;
        }

        // Later Qwen models put XML inside the same tag; Apriel 1.5 speaks of the tag, and its form is a list in <tool_calls>.
        var isTagged = source.Contains("<tool_call>", StringComparison.Ordinal) && source.Contains("</tool_call>", StringComparison.Ordinal)
            && source.Contains("arguments", StringComparison.Ordinal) && !source.Contains("<function=", StringComparison.Ordinal) && !source.Contains("<arg_key>", StringComparison.Ordinal)
            && !source.Contains("<tool_calls>", StringComparison.Ordinal);
        var isLlama = source.Contains("<|start_header_id|>", StringComparison.Ordinal) && source.Contains("\"parameters\": ", StringComparison.Ordinal)
            && source.Contains("ipython", StringComparison.Ordinal);
        return isTagged ? ToolFormat.Tagged : isLlama ? ToolFormat.LlamaJson : ToolFormat.None;
    }
}
