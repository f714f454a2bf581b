namespace Holdfast.Engine.Templates;

/// <summary>How a model writes a call of a tool.</summary>
public enum ToolFormat
{
    None,

    /// <summary>Qwen and Hermes: <c>&lt;tool_call&gt;{"name": …, "arguments": {…}}&lt;/tool_call&gt;</c>.</summary>
    Tagged,

    /// <summary>Llama 3.x: the whole answer is <c>{"name": …, "parameters": {…}}</c>.</summary>
    LlamaJson,

    /// <summary>Ours, for a forced call where the template has no tools: the whole answer is <c>{"name": …, "arguments": {…}}</c>.</summary>
    OwnJson,
}
