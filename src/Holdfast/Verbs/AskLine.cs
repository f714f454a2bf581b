using System.Text.Json;

namespace Holdfast.Verbs;

/// <summary>One line that <c>ask --batch</c> reads.</summary>
internal sealed record AskLine(JsonElement? Id, string? Question, string? Model);
