using System.Net;
using Sojourn.Relays;

namespace Sojourn.Mesh.Relays;

/// <summary>
/// Keeps this member bound at a relay, so that what another sends there arrives. Pure: it is told what time it is and
/// what was answered, and says what to send.
/// </summary>
/// <param name="place">The port of the other's slot.</param>
/// <param name="nextCounter">Gives one larger than any before, whichever way to the relay it was for.</param>
internal sealed class RelayBinding(IPEndPoint place, Func<ulong> nextCounter)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10), InUse = TimeSpan.FromSeconds(1),
        Patience = TimeSpan.FromMilliseconds(500);

    // When it asks again after it has begun; then once a second until both are bound.
    private static readonly int[] First = [0, 50, 100, 200, 400, 600, 800, 1000, 1500];

    private const int Kept = 4, LostForGood = 30;

    private readonly Dictionary<ulong, TimeSpan> _open = [];
    private readonly Queue<TimeSpan> _took = new();
    private (byte[] Ticket, byte[] Key) _pass = ([], []);
    private TimeSpan _begunAt, _askedAt;
    private TimeSpan? _refusedAt;
    private int _asked, _lostInARow;
    private bool _isOtherBound;

    /// <summary>Where to send what is for the other.</summary>
    public IPEndPoint Place => place;

    /// <summary>Whether what is sent there arrives, as far as the relay has said lately.</summary>
    public bool IsReady => _isOtherBound && _lostInARow < 2;

    /// <summary>Whether the relay has answered, and has not gone silent since.</summary>
    public bool Answers => RoundTrip is not null && _lostInARow < 2;

    /// <summary>There and back, to the relay: the fastest of the last answers, since what is slow says more of this
    /// machine than of the way. Null if it never answered.</summary>
    public TimeSpan? RoundTrip => _took.Count == 0 ? null : _took.Min();

    /// <summary>There and back, from the other side to the relay; null if that is not known yet.</summary>
    public TimeSpan? OtherRoundTrip { get; private set; }

    /// <summary>There and back between the two, as far as it is known; null if the relay never answered.</summary>
    public TimeSpan? WholeRoundTrip => RoundTrip + (OtherRoundTrip ?? TimeSpan.Zero);

    /// <summary>Whether the ticket is good no more.</summary>
    public bool NeedsTicket { get; private set; }

    /// <summary>Takes a ticket with its key, as the party's server gives them.</summary>
    /// <returns>False if that is none.</returns>
    public bool TryTake(string pass, TimeSpan now)
    {
        Span<byte> bytes = stackalloc byte[RelayTicket.Length + 32];
        if (!Convert.TryFromBase64String(pass, bytes, out var length) || length != bytes.Length)
            return false;
        var isFirst = _pass.Ticket.Length == 0;
        _pass = (bytes[..RelayTicket.Length].ToArray(), bytes[RelayTicket.Length..].ToArray());
        // A relay that refuses every ticket, such as one with a wrong clock, is not asked the faster for it.
        if (isFirst || (NeedsTicket && !(now - _refusedAt < Idle)))
            BeginAnew(now);
        if (NeedsTicket)
            _refusedAt = now;
        NeedsTicket = false;
        return true;
    }

    /// <summary>This machine may be seen otherwise than before: the relay is to know at once.</summary>
    public void BeginAnew(TimeSpan now) => (_begunAt, _asked) = (now, 0);

    /// <summary>When to be asked again.</summary>
    public TimeSpan NextAt(bool isUsed, TimeSpan now)
    {
        var next = _asked < First.Length && !(IsReady && _asked > 0) && !NeedsTicket
            ? _begunAt + TimeSpan.FromMilliseconds(First[_asked])
            : _askedAt + (IsWorthAsking(isUsed) ? InUse : Idle);
        foreach (var sent in _open.Values)
        {
            if (sent + Patience < next)
                next = sent + Patience;
        }

        return next < now ? now : next;
    }

    /// <summary>One that has been silent for long may never come back.</summary>
    private bool IsWorthAsking(bool isUsed) => !NeedsTicket && _lostInARow < LostForGood
        && (isUsed || !IsReady || _took.Count < Kept);

    /// <summary>What to send now; null for nothing.</summary>
    public byte[]? Tick(bool isUsed, TimeSpan now)
    {
        foreach (var late in _open.Where(each => now - each.Value >= Patience).Select(each => each.Key).ToList())
        {
            _open.Remove(late);
            _lostInARow++;
        }

        // With a ticket that is good no more, too: being refused again, it is asked for again.
        if (_pass.Ticket.Length == 0 || now < NextAt(isUsed, now))
            return null;
        var counter = nextCounter();
        _open[counter] = now;
        (_askedAt, _asked) = (now, _asked + 1);
        return RelayFormat.WriteBind(_pass.Ticket, _pass.Key, counter, RoundTrip);
    }

    /// <summary>The relay has answered.</summary>
    /// <returns>False if not to this binding.</returns>
    public bool Take(RelayAnswer answer, TimeSpan now)
    {
        if (!_open.Remove(answer.Counter, out var sent))
            return false;
        foreach (var older in _open.Keys.Where(counter => counter < answer.Counter).ToList())
            _open.Remove(older);
        _took.Enqueue(now - sent);
        if (_took.Count > Kept)
            _took.Dequeue();
        OtherRoundTrip = answer.OtherRoundTrip ?? OtherRoundTrip;
        _lostInARow = 0;
        NeedsTicket = answer.Refusal is RelayRefusal.Expired or RelayRefusal.WrongPort;
        // Who is bound stays so for a while, also if its ticket has run out meanwhile.
        if (answer.Refusal is RelayRefusal.None or RelayRefusal.Full)
            _isOtherBound = answer.IsOtherBound;
        return true;
    }
}
