namespace Holdfast.Engine.Templates;

/// <summary>A chat template cannot be used; the message names the construct with line and column.</summary>
public sealed class TemplateException(int line, int column, string message)
    : Exception($"chat template, line {line}, column {column}: {message}")
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}
