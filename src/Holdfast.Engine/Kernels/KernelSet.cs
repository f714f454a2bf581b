using Holdfast.Engine.Gguf;

namespace Holdfast.Engine.Kernels;

/// <summary>The kernel of each tensor type, for one token and for many. Any choice gives the same bits; only speed differs.</summary>
internal sealed class KernelSet
{
    private readonly IPanelKernel[] _single = new IPanelKernel[64];
    private readonly IPanelKernel[] _many = new IPanelKernel[64];
    private readonly Dictionary<TensorType, (KernelTier Single, KernelTier Many)> _tiers = [];

    private KernelSet()
    {
    }

    /// <summary>What runs where, for the line printed at the start and for the metrics.</summary>
    public IReadOnlyDictionary<TensorType, (KernelTier Single, KernelTier Many)> Tiers => _tiers;

    public static KernelSet Of(KernelTier tier) => Of(_ => (tier, tier));

    public static KernelSet Of(Func<TensorType, (KernelTier Single, KernelTier Many)> choose)
    {
        var set = new KernelSet();
        foreach (var type in TensorTypes.All)
        {
            var (single, many) = choose(type);
            set._tiers[type] = (single, many);
            set._single[(int)type] = PanelKernels.Of(type, single);
            set._many[(int)type] = PanelKernels.Of(type, many);
        }

        return set;
    }

    public IPanelKernel Single(TensorType type) => _single[(int)type];

    public IPanelKernel Many(TensorType type) => _many[(int)type];
}
