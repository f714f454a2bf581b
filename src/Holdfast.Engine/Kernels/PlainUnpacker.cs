using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Engine.Kernels;

/// <summary>To lines of bytes and floats.</summary>
internal sealed unsafe class PlainUnpacker<TLines, TScales> : IPanelUnpacker
    where TLines : struct, ILines
    where TScales : struct, IScales
{
    public int BlockBytes => ByteLines.BlockBytes + PlainScales<TScales>.BlockBytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PanelView Unpack(PanelView panel, byte* buffer)
    {
        PlainScales<TScales>.Fill(panel, buffer);
        var lines = panel.Lines;
        var plain = buffer + panel.Blocks * PlainScales<TScales>.BlockBytes;
        var to = plain;
        for (var b = 0; b < panel.Blocks; b++, lines += TLines.BlockBytes, to += ByteLines.BlockBytes)
        {
            Prefetch.Block(lines, TLines.ColdBytes);
            TLines.Line(lines, 0).Store(to);
            TLines.Line(lines, 1).Store(to + 64);
            TLines.Line(lines, 2).Store(to + 128);
            TLines.Line(lines, 3).Store(to + 192);
            TLines.Line(lines, 4).Store(to + 256);
            TLines.Line(lines, 5).Store(to + 320);
            TLines.Line(lines, 6).Store(to + 384);
            TLines.Line(lines, 7).Store(to + 448);
        }

        return new PanelView(plain, buffer, panel.Blocks);
    }
}
