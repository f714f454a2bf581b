namespace Holdfast.Engine.Kernels;

/// <summary>
/// Whether the caller of a pool runs its jobs together with the other threads or alone. Together is right unless somebody else wants the
/// cores: a thread that is preempted inside a chunk holds up the whole job, a time slice for a few microseconds of work.
/// <para>
/// A window of jobs run together tells what they would have taken alone: what the caller's own chunks took, and as much for each of the
/// others. A caller that was preempted itself would be so alone as well, but once and not for each chunk: so the others count like the
/// quicker of its first chunk and the rest. When together gains too little, the caller goes alone for a pause, then tries a window together. Each failed try
/// doubles the pause, each good window halves it, and coming back asks for more gain than staying: no flutter. At the longest pause
/// a try costs two percent of the time. Which threads ran a job changes no bit, so this may follow the clock.
/// </para>
/// </summary>
internal sealed class TeamRule
{
    /// <summary>Gain below which together is given up: time alone over time together.</summary>
    public const double GainToStay = 1.05;

    /// <summary>Gain that brings it back.</summary>
    public const double GainToReturn = 1.2;

    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(20);
    public static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private TimeSpan _pause = PauseMin;
    private TimeSpan _took;
    private TimeSpan _aloneWouldTake;
    private bool _isTrying;

    public bool IsTogether { get; private set; } = true;

    /// <summary>How long the caller goes alone when together gains too little next time.</summary>
    public TimeSpan Pause => _pause;

    /// <summary>
    /// A job of <paramref name="chunks"/> chunks was run together and took <paramref name="took"/>. The caller ran <paramref name="own"/> of
    /// them in <paramref name="busy"/>, the first of these in <paramref name="first"/>.
    /// </summary>
    public void RanTogether(int chunks, int own, TimeSpan first, TimeSpan busy, TimeSpan took)
    {
        // When the others took all chunks, the job says nothing about the caller's pace.
        if (own > 0)
        {
            var chunk = own > 1 ? Shorter(first, (busy - first) / (own - 1)) : first;
            _aloneWouldTake += busy + chunk * (chunks - own);
            _took += took;
        }

        if (_took >= Window)
        {
            var isGood = _aloneWouldTake >= _took * (_isTrying ? GainToReturn : GainToStay);
            _pause = isGood ? Longer(_pause / 2, PauseMin) : _isTrying ? Shorter(_pause * 2, PauseMax) : _pause;
            IsTogether = isGood;
            Restart(isTrying: false);
        }
    }

    /// <summary>A job was run alone in this time.</summary>
    public void RanAlone(TimeSpan took)
    {
        _took += took;
        if (_took >= _pause)
        {
            IsTogether = true;
            Restart(isTrying: true);
        }
    }

    private void Restart(bool isTrying) => (_took, _aloneWouldTake, _isTrying) = (default, default, isTrying);

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
