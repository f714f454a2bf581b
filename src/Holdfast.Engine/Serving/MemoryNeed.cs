using Holdfast.Engine.Gguf;
using Holdfast.Engine.Models;

namespace Holdfast.Engine.Serving;

/// <summary>What a model takes of the memory, in bytes, from its file's head and the settings: known before the first large allocation.</summary>
/// <param name="Weights">All tensors, laid out for the processor.</param>
/// <param name="Beside">Vocabulary, what a step computes with, and room for the server itself.</param>
/// <param name="Kv">The blocks of keys and values.</param>
internal readonly record struct MemoryNeed(long Weights, long Beside, long Kv)
{
    /// <summary>Measured: an idle server has some 110 MiB before the model is read, 30 of them to come, and needs some for requests.</summary>
    private const long ServerBytes = 64L << 20;

    /// <summary>Bytes held of one byte of the file's vocabulary: its texts, the tables to find them by, the masks.</summary>
    private const int VocabularyTimes = 6;

    public long Total => Weights + Beside + Kv;

    public static MemoryNeed Of(GgufFile file, ModelShape shape, ForwardLimits limits, long kvBytes)
    {
        // K types are padded to 1.05 of their size; an activation has a float and 9 bits, twice in the finer form.
        var tensors = file.Tensors.Sum(t => t.Bytes);
        var perToken = (4L * (shape.Width + shape.QueryWidth + (2 * shape.KvWidth) + (2 * shape.HiddenWidth) + shape.HeadSize)) + (11L * (shape.Width + shape.QueryWidth + shape.HiddenWidth));
        var perRow = (4L * shape.Vocabulary) + (11L * shape.Width);
        var head = Math.Max(0, file.FileBytes - tensors);
        return new MemoryNeed(tensors / 20 * 21, ServerBytes + (VocabularyTimes * head) + (limits.Tokens * perToken) + (limits.LogitRows * perRow), kvBytes);
    }
}
