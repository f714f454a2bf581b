using Holdfast.Abstractions.Answering;

namespace Holdfast.Engine.Templates;

/// <summary>
/// One way to show a chat. Templates differ in what they take: some know no system's message, some only at the start, some no calls, and
/// each refuses the rest or passes over it. No way loses a text: what has no message of its own stands in one of the user's.
/// </summary>
internal readonly record struct Arrangement(CallsShown Calls, SystemShown System, bool IsConceded)
{
    /// <summary>The ways that differ for this chat, nearest to what was sent first.</summary>
    public static IEnumerable<Arrangement> Of(ChatRequest request)
    {
        CallsShown[] calls = request.Messages.Any(m => CallHistory.IsResult(m) || CallHistory.Calls(m) is not null) ? Enum.GetValues<CallsShown>() : [CallsShown.Own];
        bool[] concessions = ReferenceEquals(Concessions.Make(request), request) ? [false] : [false, true];
        return from call in calls from system in Systems(request.Messages) from isConceded in concessions select new Arrangement(call, system, isConceded);
    }

    public ChatRequest Show(ChatRequest request, ToolFormat format)
    {
        var shown = new List<ChatMessage>(request.Messages.Count);
        var names = CallHistory.Names(request);
        var isOursBefore = false;
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            var isResult = Calls == CallsShown.TextAndResults && CallHistory.IsResult(message);
            var isOurs = isResult || (IsSystem(message) && (System == SystemShown.InUser || (System == SystemShown.FirstAlone && i > 0)));
            message = isResult ? new ChatMessage { Role = "user", Text = CallHistory.ResultText(message, names) }
                : isOurs ? new ChatMessage { Role = "user", Text = message.Text }
                : message.Role == "developer" && System != SystemShown.Own ? message with { Role = "system" }
                : Calls != CallsShown.Own ? CallHistory.Write(message, format) : message;

            // Two messages of the user in a row are what many a template refuses.
            if (message.Role == "user" && shown is [.., { Role: "user" } before] && (isOurs || isOursBefore))
            {
                shown[^1] = (isOurs ? before : message) with { Text = $"{before.Text}\n\n{message.Text}" };
                isOursBefore = true;
                continue;
            }

            shown.Add(message);
            isOursBefore = isOurs;
        }

        var arranged = request with { Messages = shown };
        return IsConceded ? Concessions.Make(arranged) : arranged;
    }

    private static List<SystemShown> Systems(IReadOnlyList<ChatMessage> messages)
    {
        var ways = new List<SystemShown> { SystemShown.Own };
        if (messages.Any(m => m.Role == "developer"))
        {
            ways.Add(SystemShown.Renamed);
        }

        if (messages.Skip(1).Any(IsSystem))
        {
            ways.Add(SystemShown.FirstAlone);
        }

        if (messages.Count > 0 && IsSystem(messages[0]))
        {
            ways.Add(SystemShown.InUser);
        }

        return ways;
    }

    private static bool IsSystem(ChatMessage message) => message.Role is "system" or "developer";
}
