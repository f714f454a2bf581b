using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Holdfast.Dashboard.Parts;

/// <summary>Shows a text from outside: escaped, with its invisible characters named. Written by hand, so that no white space is added.</summary>
public sealed class Seen : ComponentBase
{
    [Parameter, EditorRequired]
    public string? Text { get; set; }

    /// <summary>The first characters only, with a mark that there is more; null for all. The caller links to the whole.</summary>
    [Parameter]
    public int? Max { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var text = Text ?? "";
        if (Max is { } max && text.Length > max)
        {
            text = text[..TextEdge.Whole(text, max)] + " …";
        }

        Add(builder, text);
    }

    internal static void Add(RenderTreeBuilder builder, string text)
    {
        foreach (var run in VisibleText.Split(text))
        {
            if (run.IsOdd)
            {
                builder.OpenElement(0, "span");
                builder.AddAttribute(1, "class", "odd");
                builder.AddAttribute(2, "title", "a character that would not be seen");
                builder.AddContent(3, run.Text);
                builder.CloseElement();
            }
            else
            {
                builder.AddContent(4, run.Text);
            }
        }
    }
}
