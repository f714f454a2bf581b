namespace Holdfast.Engine.Templates;

/// <summary>Line and column, from 1, of an offset.</summary>
internal static class SourcePlace
{
    public static (int Line, int Column) Of(string source, int position)
    {
        var before = source.AsSpan(0, Math.Min(position, source.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    public static TemplateException Fault(string source, int position, string message)
    {
        var (line, column) = Of(source, position);
        return new TemplateException(line, column, message);
    }
}
