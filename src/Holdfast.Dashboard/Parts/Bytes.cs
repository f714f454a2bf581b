using Holdfast.Dashboard.Words;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Holdfast.Dashboard.Parts;

/// <summary>Shows a body as it went over the wire, JSON coloured, nothing reformatted.</summary>
public sealed class Bytes : ComponentBase
{
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>Characters to show; the page says how many are left out.</summary>
    [Parameter, EditorRequired]
    public int Max { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        foreach (var run in JsonColours.Split(Text[..TextEdge.Whole(Text, Max)]))
        {
            if (run.Class.Length == 0)
            {
                Seen.Add(builder, run.Text);
                continue;
            }

            builder.OpenElement(10, "span");
            builder.AddAttribute(11, "class", run.Class);
            Seen.Add(builder, run.Text);
            builder.CloseElement();
        }
    }
}
