using System.Net;
using System.Net.Sockets;

namespace Sojourn.Mesh.Paths;

/// <summary>A way to another member, and how it did lately. Pure.</summary>
/// <param name="place">Where it leads.</param>
internal sealed class Way(IPEndPoint place)
{
    private const int Kept = 20;

    // When it is asked again after it was begun anew; then ever more seldom.
    private static readonly TimeSpan[] First = [.. new[] { 0, 50, 100, 150, 200, 300, 400, 500, 700, 900, 1200, 1600 }
        .Select(each => TimeSpan.FromMilliseconds(each))];

    /// <summary>After one that was lost: it may be the only one, and it may be the first of all.</summary>
    private static readonly TimeSpan Doubtful = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// At first only the own NAT is opened: a packet that comes to the other's before that is open would have some
    /// routers take what leaves there for something else, and give it another port. A side that does not say that its
    /// NAT is open may not be able to: the server may be away.
    /// </summary>
    private static readonly TimeSpan OpenEvery = TimeSpan.FromMilliseconds(400),
        LongestOpening = TimeSpan.FromSeconds(5);

    private readonly Queue<bool> _outcomes = new();
    private readonly Dictionary<ulong, TimeSpan> _open = [];
    private TimeSpan _begunAt, _lastAskedAt;
    private TimeSpan? _opensUntil;
    private int _asked, _lostInARow;

    public IPEndPoint Place => place;

    /// <summary>Whether something has come in this way.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether no NAT stands before it.</summary>
    public bool IsInner { get; } = IsPrivate(place.Address);

    /// <summary>Whether what is sent now is only to open the own NAT.</summary>
    public bool IsOpening => _opensUntil is not null && !IsOpen && RoundTrip is null;

    /// <summary>Whether it was asked to no end, and is not asked again by itself.</summary>
    public bool IsSilent => !IsGood && !IsOpening && _asked >= First.Length;

    /// <summary>Whether it answered, and nothing was lost since.</summary>
    public bool IsGood => RoundTrip is not null && _lostInARow < 2;

    /// <summary>There and back, smoothed as TCP does; null if it never answered.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>How much that differs from one time to the next.</summary>
    public TimeSpan Jitter { get; private set; }

    /// <summary>What part of the last questions got no answer, 0 to 1.</summary>
    public double Loss => _outcomes.Count == 0 ? 0 : _outcomes.Count(came => !came) / (double)_outcomes.Count;

    /// <summary>What it is worth in a game, as a time: what is lost or late counts for more than what takes long.
    /// </summary>
    public TimeSpan Cost => RoundTrip is { } time
        ? time + (Jitter * 2) + (TimeSpan.FromMilliseconds(300) * Loss) : TimeSpan.MaxValue;

    /// <summary>Begins to ask in quick succession again.</summary>
    public void BeginAnew(TimeSpan now) => (_begunAt, _asked) = (now, 0);

    /// <summary>Begins as if nothing were known of it: with opening the own NAT, if there may be one.</summary>
    public void Forget(TimeSpan now)
    {
        (RoundTrip, Jitter, _lostInARow, IsOpen) = (null, TimeSpan.Zero, 0, false);
        _open.Clear();
        _opensUntil = IsInner ? null : now + LongestOpening;
        BeginAnew(now);
    }

    /// <summary>The other side's NAT is open: from now on what is sent is to arrive.</summary>
    public void Meet(TimeSpan now)
    {
        if (_opensUntil is null)
            return;
        _opensUntil = null;
        BeginAnew(now);
    }

    /// <summary>When to ask next.</summary>
    /// <param name="pause">How long to wait between two questions once it is known how it does; null for ever.</param>
    public TimeSpan NextAt(TimeSpan? pause)
    {
        if (_asked < First.Length)
            return _begunAt + First[_asked];
        if (IsOpening)
            return Min(_lastAskedAt + OpenEvery, _opensUntil!.Value);
        var wait = _lostInARow == 1 ? Doubtful : pause;
        return wait is null ? TimeSpan.MaxValue : _lastAskedAt + wait.Value;
    }

    /// <summary>A question was sent.</summary>
    public void Asked(ulong number, TimeSpan now)
    {
        _open[number] = now;
        (_asked, _lastAskedAt) = (_asked + 1, now);
    }

    /// <summary>An answer came.</summary>
    /// <returns>False if to no question of this way's.</returns>
    public bool Answered(ulong number, TimeSpan now)
    {
        if (!_open.Remove(number, out var at))
            return false;
        var time = now - at;
        if (RoundTrip is { } before)
        {
            Jitter += ((time - before).Duration() - Jitter) / 4;
            RoundTrip = before + ((time - before) / 8);
        }
        else
        {
            (RoundTrip, Jitter) = (time, time / 8);
        }

        _lostInARow = 0;
        Note(true);
        return true;
    }

    /// <summary>Gives up on what was not answered in time.</summary>
    public void GiveUp(TimeSpan now)
    {
        if (now >= _opensUntil)
            Meet(now);
        var patience = RoundTrip is { } time
            ? Max(time + (Jitter * 4), TimeSpan.FromMilliseconds(250)) : TimeSpan.FromSeconds(1);
        foreach (var late in _open.Where(each => now - each.Value >= patience).Select(each => each.Key).ToList())
        {
            _open.Remove(late);
            if (RoundTrip is null)
                continue;
            _lostInARow++;
            Note(false);
        }
    }

    /// <summary>When the next question will have waited for too long; null if none waits.</summary>
    public TimeSpan? GivesUpAt()
    {
        if (_open.Count == 0 || RoundTrip is not { } time)
            return null;
        return _open.Values.Min() + Max(time + (Jitter * 4), TimeSpan.FromMilliseconds(250));
    }

    /// <summary>Whether an address is one that no NAT stands before (RFC 1918, RFC 3927, RFC 4193, loopback).</summary>
    public static bool IsPrivate(IPAddress address) => address.AddressFamily != AddressFamily.InterNetwork
        ? address.IsIPv6UniqueLocal || IPAddress.IsLoopback(address)
        : address.GetAddressBytes() is var bytes
            && (bytes[0] is 10 or 127 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32)
                || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254));

    private void Note(bool came)
    {
        _outcomes.Enqueue(came);
        if (_outcomes.Count > Kept)
            _outcomes.Dequeue();
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
