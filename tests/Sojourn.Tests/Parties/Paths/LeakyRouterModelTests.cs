using System.Globalization;
using System.Net;
using Sojourn.Mesh.Paths;
using Sojourn.Parties;

namespace Sojourn.Tests.Parties.Paths;

/// <summary>
/// Two sides behind routers that remember what came unasked, on a clock that is moved by hand: news of each other comes
/// through the party, some of it late.
/// </summary>
public sealed class LeakyRouterModelTests
{
    private const int Seeds = 300;

    public static TheoryData<bool, bool> Routers => new() { { true, true }, { true, false }, { false, false } };

    [Theory]
    [MemberData(nameof(Routers))]
    public void However_late_news_is_both_become_direct_without_a_packet_that_comes_unasked(bool one, bool other)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var model = new Model(seed, one, other);
            model.Join();
            model.Run(TimeSpan.FromSeconds(6));
            model.Tell().ShouldBe("Direct, Direct, 0 unasked", $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Routers))]
    public void After_a_router_has_forgotten_both_are_direct_again_within_a_minute(bool one, bool other)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var model = new Model(seed, one, other);
            model.Join();
            model.Run(TimeSpan.FromSeconds(20 + (seed % 17)));
            model.Reboot();
            model.Run(TimeSpan.FromSeconds(75));
            model.Tell().ShouldStartWith("Direct, Direct", customMessage: $"seed {seed}");
        }
    }

    [Fact]
    public void A_round_to_no_end_is_followed_by_silence_longer_than_routers_remember()
    {
        var sent = new List<TimeSpan>();
        var path = new PairPath(begins: true, () => 7);
        path.RelayReady(IPEndPoint.Parse("203.0.113.2:5001"), TimeSpan.Zero);
        path.Candidates([IPEndPoint.Parse("198.51.100.2:1002")], TimeSpan.Zero);
        for (var now = TimeSpan.Zero; now < TimeSpan.FromMinutes(20); now = Later(path.NextAt(now), now))
        {
            path.Tick(now);
            if (path.TakeActs().OfType<PathAct.Ping>().Any())
                sent.Add(now);
        }

        var pauses = sent.Zip(sent.Skip(1), (before, after) => after - before)
            .Where(pause => pause > TimeSpan.FromSeconds(3)).Select(pause => Math.Floor(pause.TotalSeconds));
        pauses.Take(4).ShouldBe([33, 66, 132, 140]);
    }

    private static TimeSpan Later(TimeSpan next, TimeSpan now) =>
        next > now ? next : now + TimeSpan.FromMilliseconds(1);

    private sealed class Model
    {
        private readonly PriorityQueue<Action, TimeSpan> _due = new();
        private readonly Random _chance;
        private readonly Side[] _sides;
        private TimeSpan _now = TimeSpan.FromHours(1);
        private int _unasked;

        public Model(int seed, bool one, bool other)
        {
            _chance = new Random(seed);
            _sides = [New(1, one, begins: true), New(2, other, begins: false)];
        }

        public string Tell() => string.Create(
            CultureInfo.InvariantCulture, $"{_sides[0].Path.Via}, {_sides[1].Path.Via}, {_unasked} unasked");

        public void Join()
        {
            foreach (var side in _sides)
                LearnOwn(side);
        }

        /// <summary>The first router forgets, and gives out another port.</summary>
        public void Reboot()
        {
            var side = _sides[0];
            (side.Outer, side.IsKnownOuter) = (NewPlace(side.Number), false);
            side.Open.Clear();
            side.Unasked.Clear();
            // Servers are asked every 20 s, and as soon as a way is lost.
            At(20_000, () => Look(side));
        }

        public void Run(TimeSpan time)
        {
            var end = _now + time;
            Flush();
            while (true)
            {
                var next = _sides.Min(side => side.Path.NextAt(_now));
                if (_due.TryPeek(out _, out var due) && due < next)
                    next = due;
                if (next > end)
                    break;
                _now = next > _now ? next : _now;
                while (_due.TryPeek(out _, out due) && due <= _now)
                    _due.Dequeue()();
                foreach (var side in _sides)
                    side.Path.Tick(_now);
                Flush();
            }

            _now = end;
        }

        private Side New(int number, bool isLeaky, bool begins)
        {
            var side = new Side(number, isLeaky, new PairPath(begins, () => (ulong)_chance.NextInt64()))
            {
                Outer = NewPlace(number),
            };
            side.Path.RelayReady(new IPEndPoint(IPAddress.Parse("203.0.113.2"), 5000 + number), _now);
            return side;
        }

        private IPEndPoint NewPlace(int number) =>
            new(new IPAddress([198, 51, 100, (byte)number]), _chance.Next(1024, 65536));

        private void Look(Side side)
        {
            if (!side.IsKnownOuter)
                LearnOwn(side);
        }

        private void LearnOwn(Side side)
        {
            side.IsKnownOuter = true;
            At(_chance.Next(1, 1500), () =>
            {
                var outer = side.Outer;
                side.Path.Own(new HashSet<IPEndPoint> { outer }, side.WasSeen, _now);
                side.WasSeen = true;
                At(_chance.Next(10, 1500), () => Other(side).Path.Candidates([outer], _now));
            });
        }

        private Side Other(Side side) => _sides[2 - side.Number];

        private void At(int milliseconds, Action act) =>
            _due.Enqueue(act, _now + TimeSpan.FromMilliseconds(milliseconds));

        private void Flush()
        {
            foreach (var side in _sides)
            {
                foreach (var act in side.Path.TakeActs())
                    Do(side, act);
                if (Equals(side.Told, side.Path.Opened))
                    continue;
                var told = side.Told = side.Path.Opened;
                // One report comes after the other.
                side.ToldAt = Max(side.ToldAt, _now + TimeSpan.FromMilliseconds(_chance.Next(10, 800)));
                _due.Enqueue(() => Other(side).Path.OpenedCame(told, _now), side.ToldAt);
            }
        }

        private void Do(Side side, PathAct act)
        {
            var other = Other(side);
            switch (act)
            {
                case PathAct.Ping ping:
                    Send(side, ping.To, ping.Opens,
                        from => other.Path.PingCame(from, ping.Number, ping.Nominates, _now));
                    break;
                case PathAct.Pong pong:
                    Send(side, pong.To, false, _ => other.Path.PongCame(pong.Number, _now));
                    break;
                case PathAct.Lost:
                    Look(side);
                    break;
                default:
                    break;
            }
        }

        private void Send(Side side, IPEndPoint to, bool opens, Action<IPEndPoint> arrive)
        {
            if (!side.Open.TryGetValue(to, out var open) || open.Until < _now)
            {
                var isTaken = side.Unasked.TryGetValue(to, out var until) && until >= _now;
                open.From = isTaken ? NewPlace(side.Number) : side.Outer;
            }

            side.Open[to] = open = (open.From, _now + TimeSpan.FromSeconds(30));
            if (!opens)
                At(30, () => Receive(Other(side), open.From, to, arrive));
        }

        private void Receive(Side side, IPEndPoint from, IPEndPoint to, Action<IPEndPoint> arrive)
        {
            if (side.Open.TryGetValue(from, out var open) && open.Until >= _now && open.From.Equals(to))
            {
                arrive(from);
                return;
            }

            _unasked++;
            if (side.IsLeaky && to.Equals(side.Outer))
                side.Unasked[from] = _now + TimeSpan.FromSeconds(30);
        }

        private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
    }

    /// <summary>A side, and what its router knows.</summary>
    private sealed class Side(int number, bool isLeaky, PairPath path)
    {
        public int Number => number;

        public bool IsLeaky => isLeaky;

        public PairPath Path => path;

        /// <summary>As it is seen by all to which that port is free.</summary>
        public required IPEndPoint Outer { get; set; }

        public bool IsKnownOuter { get; set; }

        public bool WasSeen { get; set; }

        /// <summary>By whom was sent to: as what, and until when that is remembered.</summary>
        public Dictionary<IPEndPoint, (IPEndPoint From, TimeSpan Until)> Open { get; } = [];

        /// <summary>Who sent unasked, and until when that is remembered.</summary>
        public Dictionary<IPEndPoint, TimeSpan> Unasked { get; } = [];

        public IPEndPoint? Told { get; set; }

        public TimeSpan ToldAt { get; set; }
    }
}
