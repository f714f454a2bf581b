using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Kernels;

/// <summary>The kernels of each tensor type, by how many tokens there are. Any choice gives the same bits; only speed differs.</summary>
internal sealed class KernelSet
{
    private readonly Dictionary<TensorType, Kernels> _kernels = [];

    private KernelSet()
    {
    }

    /// <summary>What runs where, for the line printed at the start and for the metrics.</summary>
    public IReadOnlyDictionary<TensorType, KernelChoice> Choices => _kernels.ToDictionary(k => k.Key, k => k.Value.Choice);

    /// <summary>The most bytes that unpacking a block of 32 columns takes.</summary>
    public int UnpackedBlockBytes => _kernels.Values.Max(k => k.Long?.Unpacker.BlockBytes ?? 0);

    public static KernelSet Of(KernelTier tier) => Of(TensorTypes.All, _ => KernelChoice.All(tier));

    public static KernelSet Of(IEnumerable<TensorType> types, Func<TensorType, KernelChoice> choose)
    {
        var set = new KernelSet();
        foreach (var type in types)
        {
            set._kernels[type] = new Kernels(type, choose(type));
        }

        return set;
    }

    public IPanelKernel One(TensorType type) => _kernels[type].One;

    public IPanelKernel Many(TensorType type) => _kernels[type].Many;

    /// <summary>Null where packed panels are as fast.</summary>
    public LongKernel? Long(TensorType type) => _kernels[type].Long;

    private sealed class Kernels(TensorType type, KernelChoice choice)
    {
        public KernelChoice Choice => Long is null ? choice with { Long = null } : choice;

        public IPanelKernel One { get; } = PanelKernels.Of(type, choice.One);

        public IPanelKernel Many { get; } = PanelKernels.Of(type, choice.Many);

        public LongKernel? Long { get; } = choice.Long is { } tier ? PanelKernels.LongOf(type, tier) : null;
    }
}
