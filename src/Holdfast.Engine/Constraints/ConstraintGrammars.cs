using System.Text;
using System.Text.Json;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Constraints;

/// <summary>The grammars that requests ask for.</summary>
internal static class ConstraintGrammars
{
    private static readonly JsonElement True = JsonSerializer.Deserialize<JsonElement>("true");

    /// <summary>For <c>json_object</c>.</summary>
    public static ConstraintGrammar AnyObject(WritableText writable) => SchemaCompiler.Compile(True, writable, (compiler, _) => compiler.AnyObject());

    /// <summary>For <c>json_object</c> with a schema beside it, as llama.cpp and vLLM take it.</summary>
    public static ConstraintGrammar ObjectOf(JsonElement schema, WritableText writable) => SchemaCompiler.Compile(
        schema, writable, (compiler, root) => compiler.ObjectsOf(root) ?? throw new SchemaFault("#: beside 'json_object' it must be the schema of an object"));

    /// <summary>
    /// The same behind a thinking part, which is free text, and the empty line that models put after it. <paramref name="isOpen"/>: the
    /// prompt has opened the part; otherwise the model may open it or answer at once.
    /// </summary>
    public static ConstraintGrammar AfterThinking(ConstraintGrammar grammar, bool isOpen)
    {
        var nodes = grammar.Nodes.ToList();
        nodes.Add(new SchemaNode.Wrapped(Encoding.UTF8.GetBytes("\n\n"), IsBeforeOptional: true, grammar.Root, []));
        nodes.Add(new SchemaNode.Thinking(nodes.Count - 1));
        if (!isOpen)
        {
            nodes.Add(new SchemaNode.Wrapped(Encoding.UTF8.GetBytes("<think>"), IsBeforeOptional: false, nodes.Count - 1, []));
            nodes.Add(new SchemaNode.AnyOf([nodes.Count - 1, grammar.Root]));
        }

        return new ConstraintGrammar(nodes, nodes.Count - 1, NodeNeeds.Of(nodes));
    }

    private static int ObjectsOf(SchemaCompiler compiler, int root, string tool) =>
        compiler.ObjectsOf(root) ?? throw new SchemaFault($"the parameters of '{tool}' must be the schema of an object");

    /// <summary>
    /// A call of one of several tools: an object of the tool's name and its arguments, with fixed text around. A tool without
    /// parameters takes an empty object.
    /// </summary>
    public static ConstraintGrammar ToolCall(IReadOnlyList<(string Name, JsonElement? Parameters)> tools, WritableText writable, string before, string argumentsKey, string after) =>
        SchemaCompiler.Compile([.. tools.Select(t => (t.Name, t.Parameters ?? JsonSerializer.Deserialize<JsonElement>("""{"type":"object","additionalProperties":false}""")))], writable, (compiler, roots) =>
        {
            JsonSpelling.MustWrite(before + after, writable);
            var calls = tools.Select((tool, i) => compiler.AddObject(
                [("name", compiler.AddLiterals([JsonSpelling.Quoted(tool.Name, writable)]), true), (argumentsKey, ObjectsOf(compiler, roots[i], tool.Name), true)], more: -1)).ToArray();
            var call = calls.Length == 1 ? calls[0] : compiler.Add(new SchemaNode.AnyOf(calls));
            return before.Length == 0 && after.Length == 0
                ? call
                : compiler.Add(new SchemaNode.Wrapped(Encoding.UTF8.GetBytes(before), IsBeforeOptional: false, call, Encoding.UTF8.GetBytes(after)));
        });
}
