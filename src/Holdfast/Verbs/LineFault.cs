using System.Text.Json;

namespace Holdfast.Verbs;

/// <summary>What a bad line of a batch gives back; the run goes on.</summary>
internal sealed record LineFault(JsonElement? Id, string Error);
