namespace Holdfast.Engine.Templates;

/// <summary>
/// What a missing name or member is. It prints as nothing, is false, and has no members. The other values of the language:
/// null, bool, long, double, BigInteger, <see cref="SpanString"/>, List of object, <see cref="TemplateMap"/>, <see cref="Callable"/>.
/// </summary>
internal sealed record Undefined(string Name);
