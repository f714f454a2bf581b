namespace Holdfast.Configuration;

/// <summary>One thing wrong with the configuration, in the file's own words.</summary>
/// <param name="File">The file, or the environment variable or flag that the value came from.</param>
/// <param name="Line">Line in the file, from 1; null outside files.</param>
/// <param name="Key">Path of the setting, such as <c>gateway.limits.bodyBytesMax</c>.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Remedy">What would be right.</param>
internal sealed record ConfigurationFault(string File, int? Line, string Key, string Fault, string Remedy)
{
    /// <summary>One line for a terminal.</summary>
    public override string ToString()
    {
        var place = Line is { } line ? $"{File}:{line}" : File;
        return $"{place}: {Fault}{(Remedy.Length > 0 ? "; " + Remedy : "")}";
    }
}
