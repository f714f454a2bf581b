using System.Text.Json;

namespace Holdfast.Abstractions.Answering;

/// <summary>One message of a chat.</summary>
public sealed record ChatMessage
{
    public required string Role { get; init; }

    /// <summary>The text content; several text parts joined by a line break; empty when there is none.</summary>
    public required string Text { get; init; }

    /// <summary>True when the content holds an image, audio or file part.</summary>
    public bool HasMedia { get; init; }

    /// <summary>The message as the client sent it, for chat templates: <c>tool_calls</c>, <c>name</c>, <c>tool_call_id</c> and unknown members.</summary>
    public JsonElement? Raw { get; init; }
}
