using Holdfast.Engine.Gguf;
using Holdfast.Engine.Quantising;
using Holdfast.Tests.Engine.Models;

namespace Holdfast.Tests.Engine.Quantising;

/// <summary>Files that llama-quantize makes. The K types and IQ4_NL are not compared: the reference searches longer for their scales.</summary>
public sealed class PeerQuantiserTests(PeerProgram peer) : IClassFixture<PeerProgram>
{
    [Theory]
    [InlineData(TensorType.F16, 1)]
    [InlineData(TensorType.Q4_0, 2)]
    [InlineData(TensorType.Q4_1, 3)]
    [InlineData(TensorType.Q8_0, 7)]
    [InlineData(TensorType.Q5_0, 8)]
    [InlineData(TensorType.Q5_1, 9)]
    [InlineData(TensorType.BF16, 32)]
    public void Quantised_bytes_are_those_of_the_peer(TensorType type, int fileType)
    {
        using var file = new TempFile(SyntheticModel.Make("llama", TensorType.F32, seed: 5));
        using var made = new TempFile([]);
        peer.Quantise(file.Path, made.Path, fileType);
        using var from = GgufFile.Open(file.Path);
        using var to = GgufFile.Open(made.Path);
        var compared = 0;
        foreach (var tensor in to.Tensors.Where(t => t.Type == type))
        {
            var values = new float[tensor.Numbers];
            BlockCodecs.DecodeRow(TensorType.F32, from.Read(from.Need(tensor.Name)), values);
            Assert.Equal(to.Read(tensor), BlockCodecs.Encode(type, values));
            compared++;
        }

        // Seven matrices a layer; the embedding and the head may be kept finer.
        Assert.True(compared >= 7 * SyntheticModel.Layers, $"{compared} tensors of type {type}");
    }
}
