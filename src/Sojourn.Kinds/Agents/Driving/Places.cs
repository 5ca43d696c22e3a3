namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// How many programs may live: in all, for an owner, and while the machine has memory. Those who wait are served in the
/// order in which they came, but nobody waits for an owner who is at a limit of their own.
/// </summary>
internal sealed class Places(AgentOptions options, Func<long?> freeMemory)
{
    private readonly Lock _gate = new();
    private readonly List<PlaceTicket> _waiting = [];
    private readonly Dictionary<OwnerId, int> _taken = [];
    private readonly HashSet<SessionKey> _all = [];
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Programs that live or are about to.</summary>
    public int Taken
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>Gets in line. Dispose of the ticket when the program is gone, or no longer wanted.</summary>
    public PlaceTicket Enter(SessionKey session)
    {
        var ticket = new PlaceTicket(this, session);
        lock (_gate)
        {
            _waiting.Add(ticket);
        }

        return ticket;
    }

    /// <summary>True while the session's program lives, or is about to.</summary>
    public bool Has(SessionKey session)
    {
        lock (_gate)
        {
            return _all.Contains(session);
        }
    }

    /// <summary>Has those who wait look again whether there is a place, or one who could make it.</summary>
    public void LookAgain()
    {
        TaskCompletionSource change;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            (change, _change) = (_change, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        change.SetResult();
    }

    /// <summary>Takes the place if it is the ticket's turn and there is one.</summary>
    /// <returns>Why there is none, for people; null if it was taken.</returns>
    public PlaceRefusal? TryTake(PlaceTicket ticket)
    {
        var refusal = Try(ticket, freeMemory());
        if (refusal is null)
        {
            // The next in line may find another.
            LookAgain();
        }

        return refusal;
    }

    private PlaceRefusal? Try(PlaceTicket ticket, long? free)
    {
        lock (_gate)
        {
            if (_taken.GetValueOrDefault(ticket.Owner) >= options.MaxProcessesPerOwner)
            {
                return new($"{options.MaxProcessesPerOwner} programs of this owner run already.",
                    IsFull: true, OfOwner: true);
            }

            if (_all.Count >= options.MaxProcesses)
            {
                return new($"{options.MaxProcesses} programs run already.", IsFull: true);
            }

            if (free < options.MinFreeMemory)
            {
                return new($"Only {free >> 20:N0} MiB of memory are free; "
                    + $"{options.MinFreeMemory >> 20:N0} MiB are to be left for another program.", IsFull: true);
            }

            if (_waiting.Find(each => _taken.GetValueOrDefault(each.Owner) < options.MaxProcessesPerOwner) != ticket)
            {
                return new("Others wait for longer.");
            }

            _waiting.Remove(ticket);
            _taken[ticket.Owner] = _taken.GetValueOrDefault(ticket.Owner) + 1;
            _all.Add(ticket.Session);
            ticket.HasPlace = true;
            return null;
        }
    }

    /// <summary>Completes when a place may have become free. Take it before trying.</summary>
    public Task NextChange()
    {
        lock (_gate)
        {
            return _change.Task;
        }
    }

    internal void Leave(PlaceTicket ticket)
    {
        lock (_gate)
        {
            _waiting.Remove(ticket);
            if (ticket.HasPlace)
            {
                ticket.HasPlace = false;
                _all.Remove(ticket.Session);
                if (--_taken[ticket.Owner] == 0)
                    _taken.Remove(ticket.Owner);
            }
        }

        LookAgain();
    }
}

/// <summary>Why there is no place.</summary>
/// <param name="Reason">For people.</param>
/// <param name="IsFull">True if another program must make place; false if there is one, for somebody else.</param>
/// <param name="OfOwner">True if only another program of the owner's can make place.</param>
internal sealed record PlaceRefusal(string Reason, bool IsFull = false, bool OfOwner = false);

/// <summary>A place in the line, then a place.</summary>
internal sealed class PlaceTicket(Places places, SessionKey session) : IDisposable
{
    public SessionKey Session => session;

    public OwnerId Owner => session.Owner;

    public bool HasPlace { get; set; }

    public void Dispose() => places.Leave(this);
}
