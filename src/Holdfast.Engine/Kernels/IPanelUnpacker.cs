namespace Holdfast.Engine.Kernels;

/// <summary>Unpacks a panel for a <see cref="LongKernel"/>.</summary>
internal unsafe interface IPanelUnpacker
{
    /// <summary>Bytes that a block of 32 columns takes in the buffer.</summary>
    int BlockBytes { get; }

    PanelView Unpack(PanelView panel, byte* buffer);
}
