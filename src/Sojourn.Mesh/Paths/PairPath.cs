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
/// <remarks>
/// A direct way is looked for in rounds. Each side first opens its own NAT alone and says so through the party; who
/// hears that sends what is to arrive. A round to no end is followed by silence, longer than routers remember what came
/// to them unasked: some give what leaves another port as long as they do.
/// </remarks>
/// <param name="begins">Whether this side begins.</param>
/// <param name="newNumber">Gives the number of a ping, which nobody can guess.</param>
internal sealed class PairPath(bool begins, Func<ulong> newNumber)
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1), IdlePause = TimeSpan.FromSeconds(15),
        OtherPause = TimeSpan.FromSeconds(10), BusyFor = TimeSpan.FromSeconds(30),
        Better = TimeSpan.FromMilliseconds(5), SwitchEvery = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Linux remembers for 30 s what was not answered, and others for up to 2 min. Where nothing else carries what the
    /// two send, it is tried sooner all the same.
    /// </summary>
    private static readonly TimeSpan FirstSilence = TimeSpan.FromSeconds(33),
        LongestSilence = TimeSpan.FromSeconds(140),
        UnrelayedSilence = TimeSpan.FromSeconds(10), JoinsAfter = TimeSpan.FromSeconds(20);

    private const int MostWays = 32;

    private readonly Dictionary<IPEndPoint, Way> _ways = [];
    private readonly List<PathAct> _acts = [];
    private Way? _direct;
    private IPEndPoint? _relay;
    private PathVia _relayVia = PathVia.Relay;
    private IPEndPoint? _nominated;
    private TimeSpan _switchedAt, _busyAt;
    private IReadOnlyCollection<IPEndPoint> _places = [];
    private IReadOnlySet<IPEndPoint> _own = new HashSet<IPEndPoint>();
    private IPEndPoint? _openedForUs;
    private TimeSpan _roundAt;
    private TimeSpan? _nextRoundAt;
    private int _rounds;
    private bool _wasRelayLost;

    /// <summary>How the other side is reached now.</summary>
    public PathVia Via { get; private set; } = PathVia.Connecting;

    /// <summary>Where the tunnel sends; null for nowhere yet.</summary>
    public IPEndPoint? Place { get; private set; }

    /// <summary>The direct way that is taken; null for none.</summary>
    public Way? Direct => _direct;

    /// <summary>Which of the other's addresses this side's NAT is open for, as the other is to be told.</summary>
    public IPEndPoint? Opened { get; private set; }

    private bool IsMet => _openedForUs is not null && (_own.Count == 0 || _own.Contains(_openedForUs));

    private bool IsSilent => _direct is null && _ways.Values.All(way => way.IsSilent);

    /// <summary>Takes what is to be done. What opens is sent before it is told.</summary>
    public IReadOnlyList<PathAct> TakeActs()
    {
        PathAct[] acts = [.. _acts];
        _acts.Clear();
        Opened = _direct is not null || IsSilent ? null : _places.FirstOrDefault(
            place => _ways.TryGetValue(place, out var way) && !way.IsInner && !way.IsSilent);
        return acts;
    }

    /// <summary>Where this side may be reached, as far as it knows.</summary>
    /// <param name="places">All of it.</param>
    /// <param name="isElsewhere">Whether it is seen otherwise than before: what NATs knew of the two is gone.</param>
    /// <param name="now">The time.</param>
    public void Own(IReadOnlySet<IPEndPoint> places, bool isElsewhere, TimeSpan now)
    {
        _own = places;
        if (isElsewhere)
        {
            _rounds = 0;
            foreach (var way in _ways.Values.Where(way => !way.IsInner))
                way.Forget(now);
        }

        MeetAll(now);
        Tick(now);
    }

    /// <summary>The other side says that its NAT is open for one of this side's addresses, or for none.</summary>
    public void OpenedCame(IPEndPoint? own, TimeSpan now)
    {
        var isNews = own is not null && !own.Equals(_openedForUs);
        _openedForUs = own;
        if (!isNews)
            return;
        // It looks for a way, so it has not the one that is taken here.
        if (_direct is not null)
            Ask(_direct, now);
        else if (IsSilent && now - _roundAt >= JoinsAfter)
            BeginRound(now);
        MeetAll(now);
        Tick(now);
    }

    /// <summary>Where the other side may be reached, as it says. What it no longer says is forgotten, unless it is
    /// taken.</summary>
    public void Candidates(IReadOnlyCollection<IPEndPoint> places, TimeSpan now)
    {
        foreach (var gone in _ways.Keys.Except(places)
            .Where(place => !place.Equals(_direct?.Place) && !_ways[place].IsOpen).ToList())
            _ways.Remove(gone);
        // Whether what is taken still leads there is to be known at once.
        if (_direct is not null && _places.Contains(_direct.Place) && !places.Contains(_direct.Place))
            Ask(_direct, now);
        _places = places;
        foreach (var place in places.Where(place => !_ways.ContainsKey(place) && _ways.Count < MostWays))
        {
            _rounds = 0;
            Add(place, now);
        }

        MeetAll(now);
        Tick(now);
    }

    /// <summary>Both sides are bound at a relay, so that what is sent there arrives.</summary>
    public void RelayReady(IPEndPoint place, TimeSpan now, PathVia via = PathVia.Relay)
    {
        (_relay, _relayVia) = (place, via);
        // The line is back, and perhaps what went directly too.
        if (_wasRelayLost && IsSilent)
            BeginRound(now);
        _wasRelayLost = false;
        Choose(now);
    }

    /// <summary>The relay answers no more.</summary>
    public void RelayLost(TimeSpan now)
    {
        (_relay, _wasRelayLost) = (null, true);
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

        return Min(next, _nextRoundAt ?? next);
    }

    /// <summary>Asks what is to be asked, and gives up on what has waited for too long.</summary>
    public void Tick(TimeSpan now)
    {
        PlanRound(now);
        foreach (var way in _ways.Values)
        {
            way.GiveUp(now);
            if (now >= way.NextAt(PauseOf(way, now)))
                Ask(way, now);
        }

        Choose(now);
        PlanRound(now);
    }

    private bool TryForgetOne() =>
        _ways.Values.FirstOrDefault(way => way != _direct && !way.IsGood) is { } one && _ways.Remove(one.Place);

    private Way Add(IPEndPoint place, TimeSpan now)
    {
        var way = new Way(place);
        way.Forget(now);
        _roundAt = now;
        return _ways[place] = way;
    }

    /// <summary>One side alone plans, so that both are silent at the same time; the other follows it.</summary>
    private void PlanRound(TimeSpan now)
    {
        if (_direct is not null)
            _rounds = 0;
        if (!IsSilent || _ways.Count == 0)
        {
            _nextRoundAt = null;
        }
        else if (_nextRoundAt is null)
        {
            var silence = _relay is null ? UnrelayedSilence : Min(FirstSilence * (1 << _rounds), LongestSilence);
            _rounds = Math.Min(_rounds + 1, 3);
            _nextRoundAt = now + (begins ? silence : silence * 2)
                + TimeSpan.FromMilliseconds(newNumber() % (ulong)(silence.TotalMilliseconds / 6));
        }
        else if (now >= _nextRoundAt)
        {
            BeginRound(now);
        }
    }

    private void BeginRound(TimeSpan now)
    {
        (_roundAt, _nextRoundAt) = (now, null);
        foreach (var way in _ways.Values)
            way.Forget(now);
        MeetAll(now);
    }

    private void MeetAll(TimeSpan now)
    {
        if (!IsMet)
            return;
        foreach (var way in _ways.Values)
            way.Meet(now);
    }

    private void Ask(Way way, TimeSpan now)
    {
        var number = newNumber();
        way.Asked(number, now);
        _acts.Add(new PathAct.Ping(
            way.Place, number, begins && way == _direct, Opens: way.IsOpening));
    }

    private TimeSpan? PauseOf(Way way, TimeSpan now) => way == _direct
        ? now - _busyAt < BusyFor ? BusyPause : IdlePause
        : _direct is not null || way.IsGood ? OtherPause : null;

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
