namespace Sojourn.Cli;

using Sojourn.Client;

/// <summary>
/// Tells a person who watches that the connection was lost, that it is back, and how much had been missed.
/// </summary>
internal sealed class CatchUp(SojournClient client, SessionAddress address, Action<string> say)
{
    private bool _away;
    private string? _last;
    private string? _goal;
    private int _count;

    /// <summary>Takes note of one piece of news, after it has been shown itself.</summary>
    public async Task NoteAsync(SessionNews news, CancellationToken stop)
    {
        switch (news)
        {
            case ConnectionLost lost when !_away:
                _away = true;
                say($"connection lost ({lost.Reason}), trying again…");
                break;
            case ConnectionRestored:
                await NoteReturnAsync(stop);
                break;
            case SessionEvent e:
                _last = e.Offset;
                NoteEvent(e.Offset);
                break;
            case SessionSnapshot snapshot:
                _last = snapshot.Offset;
                NoteSnapshot();
                break;
            default:
                // Further failed attempts, and a removal that speaks for itself.
                break;
        }
    }

    private async Task NoteReturnAsync(CancellationToken stop)
    {
        _away = false;
        _count = 0;
        _goal = null;
        try
        {
            _goal = (await client.GetAsync(address.Kind, address.Id, stop)).LastEvent;
        }
        catch (SojournClientException)
        {
            // Only the number is lost: whatever is wrong, the stream will meet it too and say so.
            say("back");
            return;
        }

        if (string.CompareOrdinal(_goal, _last) > 0)
            return;

        _goal = null;
        say("back; nothing was missed");
    }

    private void NoteEvent(string offset)
    {
        if (_goal is null)
            return;

        _count++;
        if (string.CompareOrdinal(offset, _goal) < 0)
            return;

        _goal = null;
        say($"back; {_count} {(_count == 1 ? "event" : "events")} caught up");
    }

    private void NoteSnapshot()
    {
        if (_goal is null)
            return;

        _goal = null;
        say("back; the events since are no longer kept, so this is how things stand");
    }
}
