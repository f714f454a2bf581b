namespace Holdfast.Engine.Quantising;

/// <summary>The values that fix a block's scale.</summary>
internal static class Extremes
{
    /// <summary>The value farthest from zero, with its sign.</summary>
    public static float Farthest(ReadOnlySpan<float> values)
    {
        var farthest = 0f;
        foreach (var value in values)
        {
            if (Math.Abs(value) > Math.Abs(farthest))
            {
                farthest = value;
            }
        }

        return farthest;
    }

    public static (float Min, float Max) Range(ReadOnlySpan<float> values)
    {
        var (min, max) = (values[0], values[0]);
        foreach (var value in values)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return (min, max);
    }
}
