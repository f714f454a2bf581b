namespace Holdfast.Engine.Kernels;

/// <summary>
/// Runs numbered chunks of one job on several threads. A chunk is claimed when a thread is ready for it, so a preempted thread
/// delays one chunk and not half of the rows; the caller works too. Which thread computes a chunk changes no bit of the result.
/// <para>
/// Waiting threads spin briefly, then yield, then sleep: they share the cores with a web server. Spinning through whole time
/// slices cost the reference engine up to fifty-fold under load. Where other processes want the cores so much that waiting for the
/// others costs more than they do, the caller works alone for a while (<see cref="TeamRule"/>).
/// </para>
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int SpinsBeforeYield = 400;
    private const int YieldsBeforeSleep = 60;

    private readonly Thread[] _threads;
    private readonly TimeProvider? _time;
    private readonly TeamRule _rule = new();
    private readonly SemaphoreSlim _wake = new(0);
    private int _sleeping;
    private volatile bool _isStopping;
    private ChunkBody? _body;
    private int _unfinished;

    /// <summary>High half: number of the job; low half: chunks not yet claimed. One word, so that a late thread cannot claim for the wrong job.</summary>
    private long _ticket;

    /// <summary>Without a clock the threads always work together, whoever else wants the cores.</summary>
    public WorkerPool(int threads, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _time = time;
        Threads = threads;
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"engine worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>A chunk of the job, on the worker with the given number (0 is the caller).</summary>
    public delegate void ChunkBody(int chunk, int worker);

    public int Threads { get; }

    /// <summary>Runs the job to its end. One caller at a time.</summary>
    public void Run(int chunks, ChunkBody body)
    {
        if (chunks <= 1 || _threads.Length == 0)
        {
            RunAlone(chunks, body);
            return;
        }

        if (_time is null)
        {
            Share(chunks, body);
            RunChunks(0);
            WaitForOthers();
        }
        else if (_rule.IsTogether)
        {
            RunTogether(chunks, body, _time);
        }
        else
        {
            var start = _time.GetTimestamp();
            RunAlone(chunks, body);
            _rule.RanAlone(_time.GetElapsedTime(start));
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        _wake.Release(_threads.Length + 1);
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
    }

    private static void RunAlone(int chunks, ChunkBody body)
    {
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            body(chunk, 0);
        }
    }

    /// <summary>Looks at the clock after the caller's first chunk too: when it is preempted, it is so in the first or in the others.</summary>
    private void RunTogether(int chunks, ChunkBody body, TimeProvider time)
    {
        var start = time.GetTimestamp();
        Share(chunks, body);
        var (own, first, busy) = (0, TimeSpan.Zero, TimeSpan.Zero);
        if (TryClaim(out var chunk))
        {
            body(chunk, 0);
            Interlocked.Decrement(ref _unfinished);
            first = time.GetElapsedTime(start);
            own = 1 + RunChunks(0);
            busy = time.GetElapsedTime(start);
        }

        WaitForOthers();
        _rule.RanTogether(chunks, own, first, busy, time.GetElapsedTime(start));
    }

    private void Share(int chunks, ChunkBody body)
    {
        _body = body;
        Volatile.Write(ref _unfinished, chunks);
        var job = (Volatile.Read(ref _ticket) >> 32) + 1;
        Volatile.Write(ref _ticket, (job << 32) | (uint)chunks);
        WakeSleepers(chunks - 1);
    }

    private void WaitForOthers()
    {
        for (var spins = 0; Volatile.Read(ref _unfinished) > 0; spins++)
        {
            Pause(spins);
        }
    }

    private static void Pause(int spins)
    {
        if (spins < SpinsBeforeYield)
        {
            Thread.SpinWait(4);
        }
        else
        {
            Thread.Yield();
        }
    }

    private void WakeSleepers(int wanted)
    {
        var sleeping = Math.Min(Volatile.Read(ref _sleeping), wanted);
        if (sleeping > 0)
        {
            _wake.Release(sleeping);
        }
    }

    /// <summary>Gives the number of chunks that were left for this worker.</summary>
    private int RunChunks(int worker)
    {
        var count = 0;
        for (; TryClaim(out var chunk); count++)
        {
            _body!(chunk, worker);
            Interlocked.Decrement(ref _unfinished);
        }

        return count;
    }

    private bool TryClaim(out int chunk)
    {
        while (true)
        {
            var ticket = Volatile.Read(ref _ticket);
            chunk = (int)(uint)ticket - 1;
            if (chunk < 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) == ticket)
            {
                return true;
            }
        }
    }

    private void Work(int worker)
    {
        var idle = 0;
        while (!_isStopping)
        {
            if ((uint)Volatile.Read(ref _ticket) != 0)
            {
                RunChunks(worker);
                idle = 0;
            }
            else if (++idle < SpinsBeforeYield + YieldsBeforeSleep)
            {
                Pause(idle);
            }
            else
            {
                Sleep();
                idle = 0;
            }
        }
    }

    private void Sleep()
    {
        Interlocked.Increment(ref _sleeping);

        // A job that came between the last look and the increment would not wake us: look once more.
        if ((uint)Volatile.Read(ref _ticket) == 0 && !_isStopping)
        {
            _wake.Wait();
        }

        Interlocked.Decrement(ref _sleeping);
    }
}
