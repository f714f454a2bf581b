using Microsoft.AspNetCore.Http;

namespace Holdfast.Gateway.Answers;

/// <summary>
/// Ends the connection of a client that stops reading. The server's own minimum rate credits all that its buffers took at once, so such a
/// client would keep its slot, and an unread answer in memory, for minutes.
/// </summary>
internal sealed class WriteDeadline(TimeProvider clock, TimeSpan deadline)
{
    /// <summary>Waits for a write or a flush that has begun; past the deadline it fails as that of a client that left.</summary>
    public async ValueTask WaitAsync(Task write, HttpContext context)
    {
        if (!write.IsCompleted)
        {
            await using var late = clock.CreateTimer(static state => ((HttpContext)state!).Abort(), context, deadline, Timeout.InfiniteTimeSpan);
            await write;
            context.RequestAborted.ThrowIfCancellationRequested();
            return;
        }

        await write;
    }
}
