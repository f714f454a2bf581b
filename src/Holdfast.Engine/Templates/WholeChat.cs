using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>
/// Renders a chat so that nothing of it is lost. What a template refuses or passes over is shown to it in another way, and where none is
/// left the request is refused with the fault of what was sent.
/// </summary>
internal static class WholeChat
{
    public static RenderedChat Render(ChatTemplate template, ChatRequest request, RenderSettings settings)
    {
        RenderedChat? first = null;
        foreach (var arrangement in Arrangement.Of(request))
        {
            var chat = template.Render(arrangement.Show(request, template.ToolFormat), settings);
            if (chat.Fault is null && ProbeWords.Lost(request, probed => template.Render(arrangement.Show(probed, template.ToolFormat), settings)) is { } lost)
            {
                chat = RenderedChat.Refuse($"the chat template leaves {lost} out, in whichever way it is shown; the roles that templates know are system, user, assistant and tool");
            }

            if (chat.Fault is null)
            {
                return chat;
            }

            first ??= chat;

            // Each way would take as long to come to nothing.
            if (chat.IsOverLimit)
            {
                break;
            }
        }

        return first!;
    }
}
