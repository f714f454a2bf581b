namespace Holdfast.Engine.Kernels;

/// <summary>
/// How a long run of tokens meets a panel: the panel is unpacked once, to a byte a value and a float a scale, and the kernel reads
/// that. So 4, 5 and 6-bit types read prompts as fast as bytes. The integers and the scales are those of the packed form, so are the
/// results, bit by bit.
/// </summary>
internal sealed record LongKernel(IPanelUnpacker Unpacker, IPanelKernel Kernel);
