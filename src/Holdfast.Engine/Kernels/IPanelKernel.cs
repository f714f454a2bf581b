namespace Holdfast.Engine.Kernels;

/// <summary>
/// Multiplies a panel of 16 rows with one token or four. All exact kernels give the same bits: the integer dot of a block is exact,
/// it enters the sum by one fused multiply-add in ascending order of blocks (two where a block has a minimum or two scales).
/// </summary>
internal unsafe interface IPanelKernel
{
    /// <summary>Writes, or adds, 16 results of one token.</summary>
    void One(PanelView panel, Activations x, int token, float* y, bool adds);

    /// <summary>The same for the four tokens of a tile; the results of the next token lie <paramref name="stride"/> floats on.</summary>
    void Four(PanelView panel, Activations x, int token, float* y, long stride, bool adds);
}
