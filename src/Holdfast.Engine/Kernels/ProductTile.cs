namespace Holdfast.Engine.Kernels;

/// <summary>One token of some inputs, or the first of a tile of four, and where its results go: written there, or added to what stands there.</summary>
internal readonly unsafe struct ProductTile(Activations x, int token, float* y, bool adds)
{
    public readonly Activations X = x;
    public readonly int Token = token;
    public readonly float* Y = y;
    public readonly bool Adds = adds;
}
