namespace Holdfast.Engine.Kernels;

/// <summary>Sixteen rows of a packed matrix.</summary>
internal readonly unsafe struct PanelView(byte* lines, byte* scales, int blocks)
{
    public readonly byte* Lines = lines;
    public readonly byte* Scales = scales;

    /// <summary>Blocks of 32 columns.</summary>
    public readonly int Blocks = blocks;
}
