namespace Holdfast.ModelFiles;

/// <summary>What is wrong with a model that the configuration names.</summary>
/// <param name="Key">Path of the setting that has to change, or that named the file.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Remedy">What would be right; empty where the fault says it.</param>
internal sealed record ModelFault(string Key, string Fault, string Remedy)
{
    public override string ToString() => Remedy.Length > 0 ? $"{Fault}; {Remedy}" : Fault;
}
