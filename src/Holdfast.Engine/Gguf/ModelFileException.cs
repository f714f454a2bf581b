namespace Holdfast.Engine.Gguf;

/// <summary>A model file that cannot be used: says which file, at which byte, and what is wrong there.</summary>
public sealed class ModelFileException : Exception
{
    public ModelFileException(string file, long? offset, string fault)
        : base(offset is null ? $"{file}: {fault}" : $"{file}, byte {offset}: {fault}")
    {
        File = file;
        Offset = offset;
    }

    public string File { get; }

    /// <summary>Where in the file, when the fault has a place.</summary>
    public long? Offset { get; }
}
