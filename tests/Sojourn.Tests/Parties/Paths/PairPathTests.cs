using System.Net;
using Sojourn.Mesh.Paths;
using Sojourn.Parties;

namespace Sojourn.Tests.Parties.Paths;

/// <summary>Two sides of a pair and what lies between them, on a clock that is moved by hand.</summary>
public sealed class PairPathTests
{
    private static readonly IPEndPoint A = IPEndPoint.Parse("198.51.100.1:1001");
    private static readonly IPEndPoint A2 = IPEndPoint.Parse("198.51.100.1:2002");
    private static readonly IPEndPoint B = IPEndPoint.Parse("198.51.100.2:1002");
    private static readonly IPEndPoint Lan = IPEndPoint.Parse("192.168.1.7:1002");
    private static readonly IPEndPoint RelayToB = IPEndPoint.Parse("203.0.113.2:5001");
    private static readonly IPEndPoint RelayToA = IPEndPoint.Parse("203.0.113.2:5000");

    private readonly Between _between = new(TimeSpan.FromMilliseconds(30));

    [Fact]
    public void The_relay_is_taken_at_once_and_the_direct_way_as_soon_as_it_answers()
    {
        var (ann, ben) = (_between.Ann, _between.Ben);
        ann.RelayReady(RelayToB, _between.Now);
        ben.RelayReady(RelayToA, _between.Now);
        _between.Run(TimeSpan.Zero);
        (ann.Via, ann.Place, ben.Via).ShouldBe((PathVia.Relay, RelayToB, PathVia.Relay));

        _between.Introduce([B], [A]);
        _between.Run(TimeSpan.FromMilliseconds(61));
        (ann.Via, ann.Place).ShouldBe((PathVia.Direct, B));
        _between.Run(TimeSpan.FromMilliseconds(61));
        (ben.Via, ben.Place).ShouldBe((PathVia.Direct, A));
        ann.Direct!.RoundTrip.ShouldBe(TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void Without_a_relay_the_direct_way_is_the_first()
    {
        _between.Ann.Via.ShouldBe(PathVia.Connecting);
        _between.Introduce([B], [A]);
        _between.Run(TimeSpan.FromMilliseconds(200));
        (_between.Ann.Via, _between.Ben.Via).ShouldBe((PathVia.Direct, PathVia.Direct));
    }

    [Fact]
    public void A_side_that_is_seen_at_a_port_that_nobody_told_is_answered_there()
    {
        // Behind a NAT of another port for each: what it was told by servers leads nowhere.
        _between.Deaf.Add(A);
        _between.SeenAs[A] = A2;
        _between.Introduce([B], [A]);
        _between.Run(TimeSpan.FromMilliseconds(300));
        (_between.Ann.Place, _between.Ben.Place).ShouldBe((B, A2));
    }

    [Fact]
    public void The_best_of_several_ways_is_taken_and_not_left_for_one_that_is_hardly_better()
    {
        _between.Times[Lan] = TimeSpan.FromMilliseconds(1);
        _between.Introduce([B, Lan], [A]);
        _between.Run(TimeSpan.FromSeconds(5));
        _between.Ann.Place.ShouldBe(Lan);

        _between.Times[B] = TimeSpan.FromMicroseconds(800);
        _between.Run(TimeSpan.FromMinutes(3));
        _between.Ann.Place.ShouldBe(Lan);
    }

    [Fact]
    public void A_way_that_is_lost_is_left_for_the_relay_within_two_seconds_and_taken_again_when_it_is_back()
    {
        var (ann, ben) = (_between.Ann, _between.Ben);
        ann.RelayReady(RelayToB, _between.Now);
        ben.RelayReady(RelayToA, _between.Now);
        _between.Introduce([B], [A]);
        _between.Run(TimeSpan.FromSeconds(3));
        (ann.Via, ben.Via).ShouldBe((PathVia.Direct, PathVia.Direct));

        _between.Deaf.UnionWith([A, B]);
        _between.KeepBusy = true;
        _between.Run(TimeSpan.FromMilliseconds(2000));
        (ann.Via, ben.Via).ShouldBe((PathVia.Relay, PathVia.Relay));
        _between.Acts.OfType<PathAct.Lost>().Count().ShouldBe(2);

        _between.Deaf.Clear();
        _between.Run(TimeSpan.FromSeconds(11));
        (ann.Via, ben.Via).ShouldBe((PathVia.Direct, PathVia.Direct));
    }

    [Fact]
    public void What_is_idle_is_asked_seldom_and_what_is_busy_each_second()
    {
        _between.Introduce([B], [A]);
        _between.Run(TimeSpan.FromMinutes(2));
        _between.Acts.Clear();
        _between.Run(TimeSpan.FromMinutes(1));
        _between.Acts.OfType<PathAct.Ping>().Count(ping => ping.To.Equals(B)).ShouldBe(4);
        _between.KeepBusy = true;
        _between.Acts.Clear();
        _between.Run(TimeSpan.FromSeconds(10));
        _between.Acts.OfType<PathAct.Ping>().Count(ping => ping.To.Equals(B)).ShouldBeInRange(9, 11);
    }

    [Fact]
    public void A_replayed_or_invented_pong_says_nothing()
    {
        _between.Ann.Candidates([B], _between.Now);
        var asked = _between.Ann.TakeActs().OfType<PathAct.Ping>().Single();
        _between.Ann.PongCame(asked.Number + 1, _between.Now);
        _between.Ann.Via.ShouldBe(PathVia.Connecting);
        _between.Ann.PongCame(asked.Number, _between.Now);
        _between.Ann.Via.ShouldBe(PathVia.Direct);
        var before = _between.Ann.Direct!.RoundTrip;
        _between.Ann.PongCame(asked.Number, _between.Now + TimeSpan.FromHours(1));
        _between.Ann.Direct.RoundTrip.ShouldBe(before);
    }

    [Fact]
    public void Probes_are_read_with_the_pairs_own_key_alone()
    {
        byte[] key = [.. Enumerable.Repeat((byte)7, 32)];
        var bytes = new byte[Probe.Length];
        foreach (var probe in (Probe[])[
            new(false, true, 5, 1, 2), new(true, false, ulong.MaxValue, 1, 2, A),
            new(true, false, 1, 1, 2, IPEndPoint.Parse("[2001:db8::1]:9"))])
        {
            probe.Write(bytes, key);
            Probe.Read(bytes, key).ShouldBe(probe);
            Probe.PeekFrom(bytes).ShouldBe(1UL);
            Probe.Read(bytes, new byte[32]).ShouldBeNull();
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] ^= 1;
                Probe.Read(bytes, key).ShouldBeNull($"byte {at}");
                bytes[at] ^= 1;
            }
        }
    }

    /// <summary>What carries probes from one side to the other, and the clock.</summary>
    private sealed class Between
    {
        private readonly TimeSpan _oneWay;
        private readonly PriorityQueue<Action, TimeSpan> _due = new();
        private ulong _number = 100;

        public Between(TimeSpan oneWay)
        {
            _oneWay = oneWay;
            Ann = new PairPath(begins: true, () => ++_number);
            Ben = new PairPath(begins: false, () => ++_number);
        }

        public PairPath Ann { get; }

        public PairPath Ben { get; }

        public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

        public bool KeepBusy { get; set; }

        /// <summary>Nothing arrives there.</summary>
        public HashSet<IPEndPoint> Deaf { get; } = [];

        /// <summary>As what a side is seen that thinks it is at another.</summary>
        public Dictionary<IPEndPoint, IPEndPoint> SeenAs { get; } = [];

        /// <summary>How long it takes to a place, other than usual.</summary>
        public Dictionary<IPEndPoint, TimeSpan> Times { get; } = [];

        public List<PathAct> Acts { get; } = [];

        public void Introduce(IReadOnlyCollection<IPEndPoint> bens, IReadOnlyCollection<IPEndPoint> anns)
        {
            Ann.Candidates(bens, Now);
            Ben.Candidates(anns, Now);
        }

        public void Run(TimeSpan time)
        {
            var end = Now + time;
            if (KeepBusy)
            {
                Ann.Busy(Now);
                Ben.Busy(Now);
            }

            Flush();
            while (true)
            {
                var next = new[] { Ann.NextAt(Now), Ben.NextAt(Now) }.Min();
                if (_due.TryPeek(out _, out var arrival) && arrival < next)
                    next = arrival;
                if (next > end)
                    break;
                Now = next > Now ? next : Now;
                while (_due.TryPeek(out _, out arrival) && arrival <= Now)
                    _due.Dequeue()();
                foreach (var side in (PairPath[])[Ann, Ben])
                {
                    if (KeepBusy)
                        side.Busy(Now);
                    side.Tick(Now);
                }

                Flush();
            }

            Now = end;
        }

        private void Flush()
        {
            Carry(Ann, Ben, A);
            Carry(Ben, Ann, B);
        }

        private void Carry(PairPath from, PairPath to, IPEndPoint own)
        {
            foreach (var act in from.TakeActs())
            {
                Acts.Add(act);
                var seen = SeenAs.GetValueOrDefault(own, own);
                switch (act)
                {
                    case PathAct.Ping ping when !Deaf.Contains(ping.To):
                        // An answer comes back the way that the question went.
                        var back = ping.To.Equals(Lan) ? Lan : seen;
                        At(ping.To, () => to.PingCame(back, ping.Number, ping.Nominates, Now));
                        break;
                    case PathAct.Pong pong when !Deaf.Contains(pong.To):
                        At(pong.To, () => to.PongCame(pong.Number, Now));
                        break;
                    default:
                        break;
                }
            }
        }

        private void At(IPEndPoint place, Action arrive) =>
            _due.Enqueue(arrive, Now + Times.GetValueOrDefault(place, _oneWay));
    }
}
