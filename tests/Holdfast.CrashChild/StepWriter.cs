namespace Holdfast.CrashChild;

/// <summary>
/// The store asks for the time whenever it inserts a document: each of these moments, inside a transaction, becomes a byte on the
/// pipe, and so does each commit. Who reads them can kill at any of them.
/// </summary>
internal sealed class StepWriter(Stream pipe) : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        pipe.WriteByte((byte)'.');
        pipe.Flush();
        return DateTimeOffset.UnixEpoch;
    }

    public void Committed()
    {
        pipe.WriteByte((byte)'C');
        pipe.Flush();
    }
}
