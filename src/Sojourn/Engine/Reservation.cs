namespace Sojourn.Engine;

/// <summary>
/// A place for a session that is about to begin: in its kind, in its owner's share of that, and in the owner's quota.
/// It ends once, as a session or as nothing.
/// </summary>
internal sealed class Reservation
{
    private readonly SessionTally _kind;
    private readonly SessionTally _share;
    private readonly OwnerAccount _account;
    private int _isOver;

    private Reservation(SessionTally kind, SessionTally share, OwnerAccount account) =>
        (_kind, _share, _account) = (kind, share, account);

    /// <summary>Takes a place.</summary>
    /// <param name="kind">Of which kind.</param>
    /// <param name="account">Whose.</param>
    /// <param name="fullness">What is full, if null is returned.</param>
    public static Reservation? TryTake(KindRuntime kind, OwnerAccount account, out Fullness fullness)
    {
        var policy = kind.Policy;
        var share = account.TallyOf(kind);
        fullness = default;
        if (!kind.Tally.TryReserve(policy.MaxSessions))
        {
            fullness = Fullness.Kind;
            return null;
        }

        if (!share.TryReserve(policy.MaxSessionsPerOwner))
        {
            kind.Tally.Release();
            fullness = Fullness.Share;
            return null;
        }

        if (!account.TryReserve())
        {
            kind.Tally.Release();
            share.Release();
            fullness = Fullness.Quota;
            return null;
        }

        return new Reservation(kind.Tally, share, account);
    }

    /// <summary>The session has begun.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _kind.Add(1, isReserved: true);
            _share.Add(1, isReserved: true);
            _account.EndReservation(began: true);
        }
    }

    /// <summary>It will not begin. Harmless if it has.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _kind.Release();
            _share.Release();
            _account.EndReservation(began: false);
        }
    }
}

/// <summary>Why there is no place.</summary>
internal enum Fullness
{
    /// <summary>The kind has as many sessions as it may.</summary>
    Kind,

    /// <summary>The owner has as many of this kind as one may.</summary>
    Share,

    /// <summary>The owner has as many sessions as its quota allows.</summary>
    Quota,
}
