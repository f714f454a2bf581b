namespace Holdfast.Abstractions.Counting;

/// <summary>Turns texts into normalised vectors.</summary>
public interface IEmbedder
{
    /// <summary>Name of the model, for <c>/v1/models</c>.</summary>
    string Model { get; }

    /// <summary>Length of a vector.</summary>
    int Dimensions { get; }

    /// <summary>Longest text in tokens, special ones included.</summary>
    int TokensMax { get; }

    /// <summary>
    /// One vector of <see cref="Dimensions"/> floats per text, of length 1. <paramref name="isBackground"/> work yields to serving.
    /// A text of more than <see cref="TokensMax"/> is cut where <paramref name="allowsCut"/>; else it is said at once and nothing is computed.
    /// </summary>
    Task<EmbeddingBatch> EmbedAsync(IReadOnlyList<string> texts, bool isBackground, bool allowsCut, CancellationToken cancellationToken);
}
