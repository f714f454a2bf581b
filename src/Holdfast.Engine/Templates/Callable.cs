namespace Holdfast.Engine.Templates;

/// <summary>Something a template can call: a macro, a function of ours, or a method bound to its value.</summary>
internal sealed record Callable(string Name, Func<CallArguments, RenderBudget, object?> Call);
