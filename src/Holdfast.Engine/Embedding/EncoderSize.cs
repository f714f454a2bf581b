using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Embedding;

/// <summary>What an encoder's file says of itself in its head, without its weights.</summary>
public sealed record EncoderSize(int Dimensions, int TokensMax)
{
    /// <summary>Throws <see cref="ModelFileException"/> for a file that cannot be an encoder.</summary>
    public static EncoderSize Read(string path)
    {
        using var file = GgufFile.Open(path);
        var shape = BertShape.Read(file);
        return new EncoderSize(shape.Width, shape.TokensMax);
    }
}
