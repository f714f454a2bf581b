namespace Holdfast.Engine.Templates;

/// <summary>
/// How a turn that calls tools is shown to a template. Templates differ, and each only fails on what it cannot read: most want the
/// arguments as the object that they are, some join them to text; some ask whether the content is none, some search in it.
/// </summary>
internal readonly record struct CallShape(bool HasTextArguments, bool HasEmptyContent)
{
    public static readonly CallShape[] Usual = [default];

    /// <summary>In the order in which they are tried; the first is the API's own shape.</summary>
    public static readonly CallShape[] Tries = [default, new(false, true), new(true, false), new(true, true)];
}
