using System.Globalization;
using Holdfast.Dashboard.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Holdfast.Dashboard.Parts;

/// <summary>
/// Shows a document's text with the span marked. The first mark has the id that addresses end in, and takes the focus, so that a
/// browser scrolls to it without a script even when the address has no <c>#passage</c>.
/// </summary>
public sealed class MarkedText : ComponentBase
{
    [Parameter, EditorRequired]
    public IReadOnlyList<TextSegment> Segments { get; set; } = [];

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var isFirstMark = true;
        foreach (var segment in Segments)
        {
            if (segment.Page is { } page)
            {
                builder.OpenElement(20, "span");
                builder.AddAttribute(21, "class", "pagemark");
                builder.AddContent(22, string.Create(CultureInfo.InvariantCulture, $"page {page}"));
                builder.CloseElement();
            }

            if (segment.IsMarked)
            {
                builder.OpenElement(23, "mark");
                if (isFirstMark)
                {
                    builder.AddAttribute(24, "id", "passage");
                    builder.AddAttribute(25, "tabindex", "-1");
                    builder.AddAttribute(26, "autofocus", true);
                    isFirstMark = false;
                }

                Add(builder, segment);
                builder.CloseElement();
            }
            else
            {
                Add(builder, segment);
            }
        }
    }

    private static void Add(RenderTreeBuilder builder, TextSegment segment)
    {
        if (!segment.IsHeading)
        {
            Seen.Add(builder, segment.Text);
            return;
        }

        builder.OpenElement(27, "b");
        Seen.Add(builder, segment.Text);
        builder.CloseElement();
    }
}
