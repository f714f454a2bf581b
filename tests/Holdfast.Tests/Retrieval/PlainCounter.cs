using Holdfast.Abstractions.Answering;
using Holdfast.Abstractions.Counting;

namespace Holdfast.Tests.Retrieval;

/// <summary>Counts words for tokens, so that a test can count along.</summary>
internal sealed class PlainCounter : ITokenCounter
{
    public static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    public TokenCount Count(string model, string text) => new(Words(text), IsExact: true);

    public TokenCount CountPrompt(string model, CallKind kind, ChatRequest request) => new(7, IsExact: true);
}
