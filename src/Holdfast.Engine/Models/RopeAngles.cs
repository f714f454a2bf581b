namespace Holdfast.Engine.Models;

/// <summary>Cosines and sines of the angles of a position, in double precision before they are rounded.</summary>
internal sealed class RopeAngles
{
    private readonly double[] _frequencies;

    public RopeAngles(ModelShape shape, ReadOnlySpan<float> factors)
    {
        _frequencies = new double[shape.HeadSize / 2];
        for (var i = 0; i < _frequencies.Length; i++)
        {
            _frequencies[i] = Math.Pow(shape.RopeBase, -2.0 * i / shape.HeadSize) / (factors.IsEmpty ? 1 : factors[i]);
        }
    }

    public void Fill(int position, Span<float> cos, Span<float> sin)
    {
        for (var i = 0; i < _frequencies.Length; i++)
        {
            var (sine, cosine) = Math.SinCos(position * _frequencies[i]);
            (cos[i], sin[i]) = ((float)cosine, (float)sine);
        }
    }
}
