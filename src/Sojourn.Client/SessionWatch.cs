using System.Runtime.CompilerServices;

namespace Sojourn.Client;

/// <summary>
/// One watching: opens the event stream, reads it, and opens it again after the last offset seen, for ever.
/// </summary>
internal sealed class SessionWatch(Exchange exchange, SojournClientOptions options, string path)
{
    private string? _start;
    private string? _last;
    private int _attempt;
    private string _reason = "";
    private TimeSpan? _pause;
    private bool _wasThere;
    private bool _isGone;

    /// <param name="start">Finds the offset to begin after, null for the beginning; asked until it answers.</param>
    /// <param name="stop">Ends the watching.</param>
    public async IAsyncEnumerable<SessionNews> RunAsync(
        Func<CancellationToken, Task<string?>> start, [EnumeratorCancellation] CancellationToken stop)
    {
        while (true)
        {
            await foreach (var news in ConnectAsync(start, stop).ConfigureAwait(false))
            {
                yield return news;
                if (news is SessionRemoved)
                    yield break;
            }

            _attempt++;
            var wait = Backoff.Before(_attempt, _pause, options);
            yield return new ConnectionLost(_reason, _attempt, wait);
            await Task.Delay(wait, options.TimeProvider, stop).ConfigureAwait(false);
        }
    }

    /// <summary>All that one connection brings; nothing if there is none to be had.</summary>
    private async IAsyncEnumerable<SessionNews> ConnectAsync(
        Func<CancellationToken, Task<string?>> start, [EnumeratorCancellation] CancellationToken stop)
    {
        var stream = await TryOpenAsync(start, stop).ConfigureAwait(false);
        if (stream is null)
        {
            if (_isGone)
                yield return new SessionRemoved("unseen");
            yield break;
        }

        await using var closing = stream.ConfigureAwait(false);
        if (_attempt > 0)
            yield return new ConnectionRestored(_attempt);

        while (await TryNextAsync(stream).ConfigureAwait(false) is { } news)
        {
            if (!IsNew(news))
                continue;

            // Only news proves that a stream works: one that opens and ends at once must slow us down.
            _attempt = 0;
            yield return news;
        }
    }

    private async Task<EventStream?> TryOpenAsync(Func<CancellationToken, Task<string?>> start, CancellationToken stop)
    {
        _pause = null;
        try
        {
            _start ??= await start(stop).ConfigureAwait(false) ?? "-1";
            var stream = await EventStream.OpenAsync(
                exchange, Address.Query(path, ("offset", _start)), _last, options, stop).ConfigureAwait(false);
            _wasThere = true;
            return stream;
        }
        catch (SojournProblemException no) when (_wasThere && no.Problem.Name == "not-found")
        {
            // It went while nobody was connected, and with it went the news of its going.
            _isGone = true;
            return null;
        }
        catch (SojournClientException failure) when (MayPass(failure))
        {
            _reason = failure is SojournConnectionException lost ? lost.Reason : failure.Message;
            _pause = (failure as SojournProblemException)?.RetryAfter;
            return null;
        }
    }

    /// <summary>The next news; null, with the reason kept, if this connection brings no more.</summary>
    private async Task<SessionNews?> TryNextAsync(EventStream stream)
    {
        try
        {
            _reason = "the server ended the stream";
            return await stream.NextAsync().ConfigureAwait(false);
        }
        catch (SojournConnectionException lost) when (MayPass(lost))
        {
            _reason = lost.Reason;
            return null;
        }
    }

    /// <summary>False for what was seen before; a snapshot sets the place anew, also backwards.</summary>
    private bool IsNew(SessionNews news)
    {
        switch (news)
        {
            case SessionEvent e when string.CompareOrdinal(e.Offset, _last) <= 0:
                return false;
            case SessionEvent e:
                _last = e.Offset;
                return true;
            case SessionSnapshot snapshot:
                _last = snapshot.Offset;
                return true;
            default:
                // A removal has no place in the log, and comes last.
                return true;
        }
    }

    /// <summary>
    /// Asking again what the server cannot read, does not allow or does not have would ask for ever; a damaged session
    /// stays damaged until somebody restores it.
    /// </summary>
    private static bool MayPass(SojournClientException failure) => failure switch
    {
        SojournProblemException { Problem: { Status: 429 or 408 } } => true,
        SojournProblemException { Problem: { Status: >= 500, Name: not "damaged" } } => true,
        SojournConnectionException { Lasting: false } => true,
        _ => false,
    };
}
