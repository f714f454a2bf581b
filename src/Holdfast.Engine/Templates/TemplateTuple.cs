namespace Holdfast.Engine.Templates;

/// <summary>A list that cannot be changed, prints in round brackets and equals no list; for all else it is one.</summary>
internal sealed class TemplateTuple(IEnumerable<object?> items) : List<object?>(items);
