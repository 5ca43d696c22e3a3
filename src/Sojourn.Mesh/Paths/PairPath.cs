using System.Net;
using Sojourn.Parties;

namespace Sojourn.Mesh.Paths;

/// <summary>What is to be done for a pair.</summary>
internal abstract record PathAct
{
    /// <summary>Send a ping.</summary>
    /// <param name="To">Where to.</param>
    /// <param name="Number">Its number.</param>
    /// <param name="Nominates">Whether the way is the one to be taken.</param>
    /// <param name="Opens">Whether it is only to open this side's own NAT, and not to arrive.</param>
    public sealed record Ping(IPEndPoint To, ulong Number, bool Nominates, bool Opens = false) : PathAct;

    /// <summary>Send a pong.</summary>
    public sealed record Pong(IPEndPoint To, ulong Number) : PathAct;

    /// <summary>Have the tunnel send there from now on.</summary>
    public sealed record Use(IPEndPoint Place, PathVia Via) : PathAct;

    /// <summary>The direct way is lost: find out anew how this machine is seen.</summary>
    public sealed record Lost : PathAct;
}

/// <summary>
/// Decides which way the tunnel to one other member takes: the relay at once, a direct way as soon as one answers, the
/// best of those, and the relay again when it does not. The side that begins decides, and tells the other by a ping
/// that nominates; so both take the same way. Pure: it is told what time it is and what happened, and says what to do.
/// </summary>
/// <param name="begins">Whether this side begins.</param>
/// <param name="newNumber">Gives the number of a ping, which nobody can guess.</param>
internal sealed class PairPath(bool begins, Func<ulong> newNumber)
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1), IdlePause = TimeSpan.FromSeconds(15),
        OtherPause = TimeSpan.FromSeconds(10), BusyFor = TimeSpan.FromSeconds(30),
        Better = TimeSpan.FromMilliseconds(5), SwitchEvery = TimeSpan.FromSeconds(3);

    private const int MostWays = 32;

    private readonly Dictionary<IPEndPoint, Way> _ways = [];
    private readonly List<PathAct> _acts = [];
    private Way? _direct;
    private IPEndPoint? _relay;
    private PathVia _relayVia = PathVia.Relay;
    private TimeSpan? _metAt;
    private IPEndPoint? _nominated;
    private TimeSpan _switchedAt, _busyAt;

    /// <summary>How the other side is reached now.</summary>
    public PathVia Via { get; private set; } = PathVia.Connecting;

    /// <summary>Where the tunnel sends; null for nowhere yet.</summary>
    public IPEndPoint? Place { get; private set; }

    /// <summary>The direct way that is taken; null for none.</summary>
    public Way? Direct => _direct;

    /// <summary>Takes what is to be done.</summary>
    public IReadOnlyList<PathAct> TakeActs()
    {
        PathAct[] acts = [.. _acts];
        _acts.Clear();
        return acts;
    }

    /// <summary>Where the other side may be reached, as it says. What it no longer says is forgotten, unless it is
    /// taken.</summary>
    public void Candidates(IReadOnlyCollection<IPEndPoint> places, TimeSpan now)
    {
        foreach (var gone in _ways.Keys.Except(places)
            .Where(place => !place.Equals(_direct?.Place) && !_ways[place].IsOpen).ToList())
            _ways.Remove(gone);
        foreach (var place in places.Where(place => !_ways.ContainsKey(place) && _ways.Count < MostWays))
            Add(place, now);
        Tick(now);
    }

    /// <summary>Both sides are bound at a relay, so that what is sent there arrives.</summary>
    public void RelayReady(IPEndPoint place, TimeSpan now, PathVia via = PathVia.Relay)
    {
        (_relay, _relayVia) = (place, via);
        _metAt ??= now;
        Choose(now);
    }

    /// <summary>The relay answers no more.</summary>
    public void RelayLost(TimeSpan now)
    {
        _relay = null;
        Choose(now);
    }

    /// <summary>Something goes through the tunnel.</summary>
    public void Busy(TimeSpan now) => _busyAt = now;

    /// <summary>This machine is seen otherwise than before: all ways are asked anew at once.</summary>
    public void BeginAnew(TimeSpan now)
    {
        foreach (var way in _ways.Values)
            way.BeginAnew(now);
        Tick(now);
    }

    /// <summary>A ping of the other side's came.</summary>
    public void PingCame(IPEndPoint from, ulong number, bool nominates, TimeSpan now)
    {
        _acts.Add(new PathAct.Pong(from, number));
        if (!_ways.TryGetValue(from, out var way))
        {
            // As who is behind a NAT of another port for each is known only now.
            if (_ways.Count >= MostWays && !TryForgetOne())
                return;
            way = Add(from, now);
        }
        else if (!way.IsGood)
        {
            way.BeginAnew(now);
        }

        // What comes in has found the own NAT open.
        way.IsOpen = true;

        if (nominates && !begins)
            _nominated = from;
        Tick(now);
    }

    /// <summary>A pong of the other side's came.</summary>
    public void PongCame(ulong number, TimeSpan now)
    {
        // Whichever address it comes from: the number was sent one way only.
        if (_ways.Values.Any(way => way.Answered(number, now)))
            Choose(now);
    }

    /// <summary>When to be asked again.</summary>
    public TimeSpan NextAt(TimeSpan now)
    {
        var next = now + TimeSpan.FromSeconds(10);
        foreach (var way in _ways.Values)
        {
            next = Min(next, way.NextAt(PauseOf(way, now)));
            next = Min(next, way.GivesUpAt() ?? next);
        }

        return next;
    }

    /// <summary>Asks what is to be asked, and gives up on what has waited for too long.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (var way in _ways.Values)
        {
            way.GiveUp(now);
            if (now >= way.NextAt(PauseOf(way, now)))
                Ask(way, now);
        }

        Choose(now);
    }

    private bool TryForgetOne() =>
        _ways.Values.FirstOrDefault(way => way != _direct && !way.IsGood) is { } one && _ways.Remove(one.Place);

    private Way Add(IPEndPoint place, TimeSpan now)
    {
        var way = new Way(place);
        way.BeginAnew(now);
        return _ways[place] = way;
    }

    private void Ask(Way way, TimeSpan now)
    {
        var number = newNumber();
        way.Asked(number, now);
        _acts.Add(new PathAct.Ping(
            way.Place, number, begins && way == _direct, Opens: way.IsOpening(now, _metAt)));
    }

    private TimeSpan PauseOf(Way way, TimeSpan now) =>
        way != _direct ? OtherPause : now - _busyAt < BusyFor ? BusyPause : IdlePause;

    private void Choose(TimeSpan now)
    {
        if (_direct is { IsGood: false })
        {
            _direct = null;
            _nominated = null;
            _acts.Add(new PathAct.Lost());
            foreach (var way in _ways.Values)
                way.BeginAnew(now);
        }

        var best = begins ? Best(now) : Nominated();
        if (best is not null && best != _direct)
        {
            (_direct, _switchedAt) = (best, now);
            // The other side is to know at once.
            if (begins)
                Ask(best, now);
        }

        var (via, place) = _direct is not null ? (PathVia.Direct, _direct.Place)
            : _relay is not null ? (_relayVia, _relay) : (Via == PathVia.Connecting ? Via : PathVia.None, null);
        if (place is not null && !place.Equals(Place))
            _acts.Add(new PathAct.Use(place, via));
        (Via, Place) = (via, place);
    }

    private Way? Best(TimeSpan now)
    {
        var best = _ways.Values.Where(way => way.IsGood).MinBy(way => way.Cost);
        if (_direct is null || best is null)
            return best;
        // Only for what is clearly better, and not back and forth.
        return now - _switchedAt >= SwitchEvery && best.Cost + Better < _direct.Cost && best.Cost < _direct.Cost * 0.8
            ? best : _direct;
    }

    private Way? Nominated() =>
        _nominated is not null && _ways.TryGetValue(_nominated, out var way) && way.IsGood ? way : _direct;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
