using System.Net;
using System.Threading.Channels;
using Sojourn.Mesh.PortMapping;
using Sojourn.Testing;

namespace Sojourn.Tests.Parties.PortMapping;

/// <summary>When a router is asked, and when no more.</summary>
public sealed class PortMapperTests : IAsyncDisposable
{
    private static readonly Gateway Home = new(IPAddress.Parse("192.168.1.1"), IPAddress.Parse("192.168.1.2"));

    private readonly ManualClock _clock = new();
    private readonly Router _first = new("first"), _second = new("second");
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PortLease?> _told = [];
    private Gateway? _gateway = Home;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task A_port_is_renewed_at_half_of_its_time_and_given_back_at_the_end()
    {
        Start();
        (await _first.AskedAsync()).ShouldBe(new(Home, 7000, 7000, PortMapper.LeaseFor));
        _first.Answer(Lease(7001, TimeSpan.FromMinutes(20)));
        await DueAsync(TimeSpan.FromMinutes(10));
        _told.ShouldBe([Lease(7001, TimeSpan.FromMinutes(20))]);

        _clock.Advance(TimeSpan.FromMinutes(10));
        (await _first.AskedAsync()).Outer.ShouldBe(7001);
        _first.Answer(Lease(7001, TimeSpan.FromMinutes(40)));
        await DueAsync(TimeSpan.FromMinutes(20));
        _told.Count.ShouldBe(1);

        await _stop.CancelAsync();
        await _running;
        _first.Unmapped.ShouldHaveSingleItem().Outer.Port.ShouldBe(7001);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(20, 10)]
    [InlineData(22, 11)]
    [InlineData(3600, 1800)]
    [InlineData(100_000, 1800)]
    public async Task However_long_a_router_promises_it_is_asked_again_neither_all_the_time_nor_too_late(
        int seconds, int again)
    {
        Start();
        await _first.AskedAsync();
        _first.Answer(Lease(7000, TimeSpan.FromSeconds(seconds)));

        await DueAsync(TimeSpan.FromSeconds(again));
    }

    [Fact]
    public async Task What_is_open_for_ever_is_looked_after_too()
    {
        Start();
        await _first.AskedAsync();
        _first.Answer(Lease(7000, TimeSpan.MaxValue));

        await DueAsync(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task Where_one_protocol_is_not_understood_the_next_one_is_tried_and_kept()
    {
        Start();
        await _first.AskedAsync();
        _first.Answer(null);
        await _second.AskedAsync();
        _second.Answer(Lease(7000, TimeSpan.FromHours(1)));
        await DueAsync(TimeSpan.FromMinutes(30));

        _clock.Advance(TimeSpan.FromMinutes(30));
        await _second.AskedAsync();
        _second.Answer(null);
        await _first.AskedAsync();
        _first.Answer(null);
        await DueAsync(TimeSpan.FromSeconds(30));
        _told.ShouldBe([Lease(7000, TimeSpan.FromHours(1)), null]);
    }

    [Fact]
    public async Task A_router_that_never_says_yes_is_asked_less_and_less_often()
    {
        Start();
        foreach (var minutes in (double[])[0.5, 5, 30, 30])
        {
            await _first.AskedAsync();
            _first.Answer(null);
            await _second.AskedAsync();
            _second.Answer(null);
            await DueAsync(TimeSpan.FromMinutes(minutes));
            _clock.Advance(TimeSpan.FromMinutes(minutes));
        }

        await _first.AskedAsync();
        _first.Answer(null);
        await _second.AskedAsync();
        _second.Answer(null);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_silent_router_is_given_up_after_six_seconds()
    {
        Start();
        await _first.AskedAsync();
        _clock.Advance(TimeSpan.FromSeconds(6));

        await _second.AskedAsync();
        _second.Answer(null);
    }

    [Fact]
    public async Task A_machine_without_a_router_asks_nobody_until_the_network_changes()
    {
        _gateway = null;
        var mapper = Start();
        await DueAsync(TimeSpan.FromSeconds(30));

        _gateway = Home;
        mapper.Look();
        await _first.AskedAsync();
        _first.Answer(Lease(7000, TimeSpan.FromHours(1)));
        await DueAsync(TimeSpan.FromMinutes(30));
        mapper.Now.ShouldBe(("first", Lease(7000, TimeSpan.FromHours(1))));
    }

    [Fact]
    public async Task Whoever_stops_while_a_router_is_asked_does_not_wait()
    {
        Start();
        await _first.AskedAsync();

        await _stop.CancelAsync();
        await _running;
        _first.Unmapped.ShouldBeEmpty();
    }

    private PortMapper Start()
    {
        var mapper = new PortMapper(7000, () => _gateway, [_first, _second], _clock) { Changed = _told.Add };
        _running = mapper.RunAsync(_stop.Token);
        return mapper;
    }

    private Task DueAsync(TimeSpan after) => _clock.WhenAwaited(after).WaitAsync(TimeSpan.FromSeconds(30));

    private static PortLease Lease(int port, TimeSpan time) =>
        new(new IPEndPoint(IPAddress.Parse("8.8.8.8"), port), time);

    /// <summary>A router whose answers are given by hand.</summary>
    private sealed class Router(string name) : IMappingProtocol
    {
        private readonly Channel<PortWish> _asked = Channel.CreateUnbounded<PortWish>();
        private readonly Channel<PortLease?> _answers = Channel.CreateUnbounded<PortLease?>();

        public string Name => name;

        public List<PortLease> Unmapped { get; } = [];

        public Task<PortWish> AskedAsync() =>
            _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public void Answer(PortLease? lease) => _answers.Writer.TryWrite(lease);

        public async Task<PortLease?> MapAsync(PortWish wish, CancellationToken giveUp)
        {
            _asked.Writer.TryWrite(wish);
            try
            {
                return await _answers.Reader.ReadAsync(giveUp);
            }
            catch (OperationCanceledException)
            {
                // As a real one does.
                return null;
            }
        }

        public Task UnmapAsync(PortWish wish, PortLease lease, CancellationToken giveUp)
        {
            Unmapped.Add(lease);
            return Task.CompletedTask;
        }
    }
}
