using System.Text.Json;

namespace Holdfast.Abstractions.Answering;

/// <summary>Log probabilities of the tokens of a part.</summary>
/// <param name="Content">The <c>content</c> array of OpenAI's <c>logprobs</c>.</param>
/// <param name="TextOffsets">For each token, where its text begins in the choice's text, in UTF-16 units.</param>
public sealed record PartLogprobs(JsonElement Content, IReadOnlyList<int> TextOffsets);
