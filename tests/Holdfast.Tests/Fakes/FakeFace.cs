namespace Holdfast.Tests.Fakes;

/// <summary>Whose key order, packing and endings a <see cref="FakeVllm"/> wears.</summary>
public enum FakeFace
{
    Vllm,
    Llama,
    Ollama,
    Sim,
}
