namespace Holdfast.Engine.Kernels;

/// <summary>
/// Multiplies a panel of 16 rows with one token, four, or two times as many. All exact kernels give the same bits: the integer dot of
/// a block is exact, it enters the sum by one fused multiply-add in ascending order of blocks (two where a block has a minimum or two
/// scales).
/// </summary>
internal unsafe interface IPanelKernel
{
    /// <summary>Four tokens cost less than three alone; else a tile is only a loop.</summary>
    bool IsTiled => true;

    /// <summary>Sixteen results of one token.</summary>
    void One(PanelView panel, ProductTile tile);

    /// <summary>The same for the four tokens of a tile; the results of the next token lie <paramref name="stride"/> floats on.</summary>
    void Four(PanelView panel, ProductTile tile, long stride);

    /// <summary>Two tokens, or both forms of one, with the weights unpacked once. The first results are stored before the second.</summary>
    void Two(PanelView panel, ProductTile first, ProductTile second)
    {
        One(panel, first);
        One(panel, second);
    }

    /// <summary>The same for two tiles.</summary>
    void Eight(PanelView panel, ProductTile first, ProductTile second, long stride)
    {
        Four(panel, first, stride);
        Four(panel, second, stride);
    }
}
