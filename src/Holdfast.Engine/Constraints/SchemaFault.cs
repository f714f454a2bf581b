namespace Holdfast.Engine.Constraints;

/// <summary>A schema that cannot be enforced; caught where compiling begins, where it becomes a refusal of the request.</summary>
internal sealed class SchemaFault(string message) : Exception(message);
