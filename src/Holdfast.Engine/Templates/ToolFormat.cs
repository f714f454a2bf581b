namespace Holdfast.Engine.Templates;

/// <summary>How a model writes a call of a tool.</summary>
internal enum ToolFormat
{
    None,

    /// <summary>Qwen and Hermes: <c>&lt;tool_call&gt;{"name": …, "arguments": {…}}&lt;/tool_call&gt;</c>.</summary>
    Tagged,

    /// <summary>Llama 3.x: the whole answer is <c>{"name": …, "parameters": {…}}</c>.</summary>
    LlamaJson,
}
