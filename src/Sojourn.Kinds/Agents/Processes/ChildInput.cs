namespace Sojourn.Kinds.Agents.Processes;

/// <summary>
/// The end that a program reads from. Texts are written whole, one after another, and nobody waits longer than wanted.
/// </summary>
internal sealed class ChildInput(Descriptor to, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private volatile bool _isClosed;

    public bool IsClosed => _isClosed;

    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan within, CancellationToken giveUp)
    {
        using var late = new CancellationTokenSource(within, time);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(late.Token, giveUp);
        if (!await IsMyTurnAsync(enough.Token))
        {
            return 0;
        }

        try
        {
            return await TakeAsync(bytes, enough.Token);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Nothing more is written. Whoever waits to write goes on.</summary>
    /// <param name="last">One byte that says so to the program, or null to close the end.</param>
    public void Close(byte? last)
    {
        _isClosed = true;
        if (last is { } end)
        {
            _ = to.Write([end]);
            to.End();
            return;
        }

        to.Dispose();
    }

    /// <summary>The program has ended: whoever waits to write goes on.</summary>
    public void End()
    {
        _isClosed = true;
        to.End();
    }

    public void Dispose()
    {
        _isClosed = true;
        to.Dispose();
    }

    private async ValueTask<int> TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken enough)
    {
        var taken = 0;
        while (taken < bytes.Length && !_isClosed)
        {
            var written = to.Write(bytes.Span[taken..]);
            if (written >= 0)
            {
                taken += written;
            }
            else if (written == Descriptor.Gone || to.IsOver || !await IsReadyAsync(enough))
            {
                break;
            }
        }

        return taken;
    }

    private async ValueTask<bool> IsMyTurnAsync(CancellationToken enough)
    {
        // What can be written without waiting is, however little time there is.
        return await _writing.WaitAsync(TimeSpan.Zero, CancellationToken.None)
            || await InTimeAsync(_writing.WaitAsync(enough));
    }

    private ValueTask<bool> IsReadyAsync(CancellationToken enough) => InTimeAsync(to.ReadyAsync(enough));

    private static async ValueTask<bool> InTimeAsync(Task waiting)
    {
        try
        {
            await waiting;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
