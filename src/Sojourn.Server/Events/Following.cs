namespace Sojourn.Server.Events;

/// <summary>
/// Passes on what a watcher is told: all that is there in one flush, then, while nothing happens, a heartbeat now and
/// then. The reader's pace is the watcher's: nothing is read ahead of what the connection takes.
/// </summary>
/// <param name="news">What is told.</param>
/// <param name="pending">Whether there is a first thing to tell.</param>
/// <param name="stream">Where to.</param>
/// <param name="beats">When the stream was silent for too long.</param>
internal sealed class Following(
    IAsyncEnumerator<SessionNews> news, Task<bool> pending, EventStreamWriter stream, PeriodicTimer beats)
{
    // A field, so that whatever breaks off, the one question that is open can be waited for.
    private Task<bool> _pending = pending;

    /// <summary>Returns when there is no more to tell, or nobody to tell it to.</summary>
    /// <param name="stop">Ends the watching; cancelled on return.</param>
    public async ValueTask RunAsync(CancellationTokenSource stop)
    {
        try
        {
            // Tells the client that it is connected, even if there is no news.
            var isOpen = _pending.IsCompleted || await BeatAsync(stop.Token);
            var beat = beats.WaitForNextTickAsync(stop.Token).AsTask();
            while (isOpen)
            {
                if (_pending.IsCompleted || await Task.WhenAny(_pending, beat) == _pending)
                {
                    isOpen = await _pending && await PassOnAsync(stop.Token);
                }
                else
                {
                    await beat;
                    beat = beats.WaitForNextTickAsync(stop.Token).AsTask();
                    isOpen = await BeatAsync(stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the server stops; either way the stream just ends.
        }
        finally
        {
            // The enumeration must not be disposed of while it is being asked for more.
            await stop.CancelAsync();
            await ((Task)_pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes what is there now, and asks for more.</summary>
    /// <returns>False if that was all, or the reader is gone.</returns>
    private async ValueTask<bool> PassOnAsync(CancellationToken stop)
    {
        while (stream.Write(news.Current))
        {
            _pending = news.MoveNextAsync().AsTask();
            if (!_pending.IsCompletedSuccessfully)
            {
                return await stream.FlushAsync(stop);
            }

            if (!await _pending)
            {
                break;
            }

            if (stream.IsFull && !await stream.FlushAsync(stop))
            {
                return false;
            }
        }

        await stream.FlushAsync(stop);
        return false;
    }

    private ValueTask<bool> BeatAsync(CancellationToken stop)
    {
        stream.WriteHeartbeat();
        return stream.FlushAsync(stop);
    }
}
