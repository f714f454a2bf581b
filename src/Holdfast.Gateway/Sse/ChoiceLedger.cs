namespace Holdfast.Gateway.Sse;

/// <summary>
/// Which choices of a stream have begun and which have ended: an answer is whole when every choice that began has its
/// <c>finish_reason</c>. Bounded: choices past 4,096 are not followed and make the answer never whole.
/// </summary>
internal sealed class ChoiceLedger
{
    private const int ChoicesMax = 4096;
    private bool[] _finished = new bool[4];
    private bool[] _begun = new bool[4];
    private bool _isOverflowing;

    public int Begun { get; private set; }

    public int Finished { get; private set; }

    public bool IsWhole => Begun > 0 && Finished == Begun && !_isOverflowing;

    public void Begin(int choice)
    {
        if (choice is < 0 or >= ChoicesMax)
        {
            _isOverflowing = true;
            return;
        }

        if (choice >= _begun.Length)
        {
            var length = Math.Min(ChoicesMax, Math.Max(choice + 1, _begun.Length * 2));
            Array.Resize(ref _begun, length);
            Array.Resize(ref _finished, length);
        }

        if (!_begun[choice])
        {
            _begun[choice] = true;
            Begun++;
        }
    }

    public void Finish(int choice)
    {
        Begin(choice);
        if (choice >= 0 && choice < _finished.Length && !_finished[choice])
        {
            _finished[choice] = true;
            Finished++;
        }
    }
}
