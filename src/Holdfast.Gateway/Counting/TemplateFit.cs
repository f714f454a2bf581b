namespace Holdfast.Gateway.Counting;

/// <summary>
/// What an upstream adds to our count: <c>reported = slope x counted + offset</c>. The offset is the template (Ollama counted 14 where
/// others counted 35, with nothing cut); the slope is the other vocabulary, and 1 where the count is exact or the prompts seen are too
/// much alike to tell. Both are medians over pairs (Theil and Sen), so that a few cut prompts among them do not teach that cutting is
/// normal, and both are held to what a template and a vocabulary can do.
/// </summary>
internal readonly record struct TemplateFit(double Slope, double Offset)
{
    private const double SlopeMin = 0.7;
    private const double SlopeMax = 4;
    private const double OffsetMin = -64;

    // Below this spread between the shortest and the longest prompt a slope would be noise.
    private const int SpreadMin = 64;

    public static TemplateFit Of(ReadOnlySpan<(int Counted, int Reported)> samples, bool isExact)
    {
        var slope = isExact ? 1 : Slopes(samples);
        var offsets = new double[samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            offsets[i] = samples[i].Reported - (slope * samples[i].Counted);
        }

        return new TemplateFit(slope, Math.Max(OffsetMin, Median(offsets)));
    }

    public double Expected(int counted) => (Slope * counted) + Offset;

    private static double Slopes(ReadOnlySpan<(int Counted, int Reported)> samples)
    {
        List<double> slopes = [];
        for (var i = 0; i < samples.Length; i++)
        {
            for (var j = i + 1; j < samples.Length; j++)
            {
                var apart = samples[j].Counted - samples[i].Counted;
                if (Math.Abs(apart) >= SpreadMin)
                {
                    slopes.Add((samples[j].Reported - samples[i].Reported) / (double)apart);
                }
            }
        }

        return slopes.Count == 0 ? 1 : Math.Clamp(Median([.. slopes]), SlopeMin, SlopeMax);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
