using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Models;

/// <summary>A GGUF file may also hold a piece of a model, or something that goes with one; both can look like a model that lacks tensors.</summary>
internal static class WholeModel
{
    public static void Check(GgufFile file)
    {
        if (file.Metadata.Whole("split.count") is { } parts && parts > 1)
        {
            throw new ModelFileException(file.Path, null, $"split.count is {parts}: this is one part of a model in {parts} files; merge them into one first (llama-gguf-split --merge)");
        }

        if (file.Metadata.Text("general.type") is { } type && type is not ("model" or ""))
        {
            throw new ModelFileException(file.Path, null, $"general.type is {type}: the file goes with a model and is none itself");
        }
    }
}
