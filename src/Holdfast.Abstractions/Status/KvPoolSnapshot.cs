namespace Holdfast.Abstractions.Status;

/// <summary>The KV pool block by block.</summary>
/// <param name="Model">The model whose KV it holds.</param>
/// <param name="BlockTokens">Tokens a block holds.</param>
/// <param name="BlockBytes">Bytes of a block, all layers.</param>
/// <param name="Owners">One entry a block: -1 free, -2 cached prefix without an owner, else the number of the sequence.</param>
/// <param name="Sequences">The sequences that own blocks.</param>
/// <param name="Waiting">Sequences that wait for admission.</param>
public sealed record KvPoolSnapshot(string Model, int BlockTokens, long BlockBytes, IReadOnlyList<int> Owners, IReadOnlyList<KvSequence> Sequences, int Waiting);
