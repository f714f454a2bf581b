namespace Holdfast.Documents.Reading;

/// <summary>
/// Runs a reader on a thread of its own and waits no longer than the deadline. Readers are asked to stop first; a library that
/// does not listen is left behind: .NET cannot end a thread from outside. The abandoned thread is counted for as long as it
/// runs, and at the bound nothing more is started.
/// </summary>
/// <remarks>Own threads and not the pool: a deep document needs a deep stack, and a stuck pool thread would be missing elsewhere.</remarks>
internal sealed class DeadlineRunner(TimeSpan timeMax, int stuckMax)
{
    private const int StackBytes = 16 * 1024 * 1024;

    // After the polite request: the time between two looks of a reader at its token.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private int _stuck;

    /// <summary>Threads that run on past their deadline.</summary>
    public int Stuck => Volatile.Read(ref _stuck);

    /// <summary>The result, or a <see cref="ReadFaultException"/> when there was none in time.</summary>
    public T Run<T>(Func<CancellationToken, T> read, CancellationToken cancellationToken)
        where T : class
    {
        if (Stuck >= stuckMax)
        {
            throw new ReadFaultException(
                $"was not read: {Stuck} readers hang in other documents (documents.stuckReadersMax is {stuckMax}): restart, and take the documents that timed out away");
        }

        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeMax);
        Turn<T> turn = new();
        CancellationToken token = deadline.Token;
        Thread thread = new(() => Execute(read, turn, token), StackBytes) { IsBackground = true, Name = "document reader" };
        thread.Start();

        // Woken by the end of the reader, the deadline or the caller, whatever comes first.
        WaitHandle.WaitAny([turn.Done, token.WaitHandle]);
        if (turn.Done.WaitOne(Grace))
        {
            turn.Done.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return turn.Result(timeMax);
        }

        if (turn.TryAbandon(ref _stuck))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ReadFaultException(TimeOut(timeMax));
        }

        return turn.Result(timeMax);
    }

    private static string TimeOut(TimeSpan timeMax) =>
        $"was not read within {timeMax.TotalSeconds:0.###} s (documents.readingTimeMax): simplify or split it, or raise the limit";

    private void Execute<T>(Func<CancellationToken, T> read, Turn<T> turn, CancellationToken token)
        where T : class
    {
        T? value = null;
        Exception? fault = null;
        try
        {
            value = read(token);
        }
        catch (Exception exception)
        {
            // Whatever a library throws at a hostile file is that file's fault; the caller turns it into a line.
            fault = exception;
        }

        turn.Finish(value, fault, ref _stuck);
    }

    /// <summary>One reading; both sides meet here. Owned by <c>_gate</c>.</summary>
    private sealed class Turn<T>
        where T : class
    {
        private readonly Lock _gate = new();
        private T? _value;
        private Exception? _fault;
        private bool _isDone;
        private bool _isAbandoned;

        // Disposed only when the reader has ended: an abandoned one may still come to signal.
        public ManualResetEvent Done { get; } = new(initialState: false);

        public T Result(TimeSpan timeMax) => _fault switch
        {
            null => _value!,
            OperationCanceledException => throw new ReadFaultException(TimeOut(timeMax)),
            ReadFaultException fault => throw fault,
            Exception fault => throw new ReaderFailedException(fault),
        };

        public void Finish(T? value, Exception? fault, ref int stuck)
        {
            lock (_gate)
            {
                _isDone = true;
                if (_isAbandoned)
                {
                    Interlocked.Decrement(ref stuck);
                    return;
                }

                _value = value;
                _fault = fault;
                Done.Set();
            }
        }

        /// <summary>False when the reader ended in the last moment after all.</summary>
        public bool TryAbandon(ref int stuck)
        {
            lock (_gate)
            {
                if (_isDone)
                {
                    return false;
                }

                _isAbandoned = true;
                Interlocked.Increment(ref stuck);
                return true;
            }
        }
    }
}
