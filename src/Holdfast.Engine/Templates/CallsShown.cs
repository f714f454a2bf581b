namespace Holdfast.Engine.Templates;

/// <summary>How calls of earlier turns and their results are shown to a template.</summary>
internal enum CallsShown
{
    /// <summary>In the template's own way.</summary>
    Own,

    /// <summary>The calls as text of their message; a result stays a message of its role.</summary>
    Text,

    /// <summary>The results as well, as words of the user.</summary>
    TextAndResults,
}
