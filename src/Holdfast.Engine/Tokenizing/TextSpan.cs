namespace Holdfast.Engine.Tokenizing;

/// <summary>A stretch of prompt text with its origin. Only a template's own text may become special tokens.</summary>
internal readonly record struct TextSpan(string Text, bool IsTemplate);
