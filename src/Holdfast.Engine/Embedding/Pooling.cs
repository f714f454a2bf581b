namespace Holdfast.Engine.Embedding;

/// <summary>How a sequence becomes one vector, by the number in the file.</summary>
internal enum Pooling
{
    Mean = 1,
    FirstToken = 2,

    /// <summary>A classification head on the first token.</summary>
    Classifier = 4,
}
