using System.Net;
using Sojourn.Mesh;
using Sojourn.Mesh.Nodes;
using Sojourn.Mesh.Tunnels;
using Sojourn.Testing;

namespace Sojourn.Tests.Parties.Tunnels;

/// <summary>When a tunnel that has died is begun again, and when no more.</summary>
public sealed class TunnelCareTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly DyingTunnel _tunnel = new();
    private readonly DateTimeOffset _began;
    private readonly SemaphoreSlim _woken = new(0);
    private readonly TunnelCare _care;

    public TunnelCareTests()
    {
        _began = _clock.GetUtcNow();
        _care = new TunnelCare(_tunnel, _clock, () => _woken.Release());
    }

    public void Dispose() => _woken.Dispose();

    private TimeSpan Now => _clock.GetUtcNow() - _began;

    [Fact]
    public async Task The_first_time_it_is_begun_again_at_once_and_five_times_within_a_minute_at_most()
    {
        foreach (var (count, seconds) in new[] { 0, 0.5, 1, 2, 4 }.Index())
        {
            _care.Died(new MeshException("It is gone."), Now, CancellationToken.None);
            _care.IsUp.ShouldBeFalse();
            if (seconds > 0)
            {
                await _clock.WhenAwaited(TimeSpan.FromSeconds(seconds));
                _tunnel.Beginnings.ShouldBe(count);
                _clock.Advance(TimeSpan.FromSeconds(seconds));
            }

            await WokenAsync();
            (await _care.IsBackAsync(Now, CancellationToken.None)).ShouldBeTrue();
            _care.IsUp.ShouldBeTrue();
        }

        Should.Throw<MeshException>(() => _care.Died(new MeshException("It is gone."), Now, CancellationToken.None))
            .Message.ShouldBe("The tunnel was begun again 5 times within 60 s, and died each time. The last time: "
                + "It is gone.");
    }

    [Fact]
    public async Task After_a_minute_a_death_counts_no_more()
    {
        for (var count = 0; count < TunnelCare.Most * 2; count++)
        {
            _care.Died(new MeshException("It is gone."), Now, CancellationToken.None);
            await WokenAsync();
            (await _care.IsBackAsync(Now, CancellationToken.None)).ShouldBeTrue();
            _clock.Advance(TunnelCare.Within + TimeSpan.FromMilliseconds(1));
        }

        _tunnel.Beginnings.ShouldBe(TunnelCare.Most * 2);
    }

    [Fact]
    public async Task What_cannot_be_begun_again_has_died_once_more()
    {
        _tunnel.Fails = true;
        _care.Died(new MeshException("It is gone."), Now, CancellationToken.None);
        await WokenAsync();
        (await _care.IsBackAsync(Now, CancellationToken.None)).ShouldBeFalse();
        _care.IsUp.ShouldBeFalse();

        _tunnel.Fails = false;
        await _clock.WhenAwaited(TimeSpan.FromSeconds(0.5));
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        await WokenAsync();
        (await _care.IsBackAsync(Now, CancellationToken.None)).ShouldBeTrue();
        _tunnel.Beginnings.ShouldBe(2);
    }

    private async Task WokenAsync() =>
        (await _woken.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBeTrue("it has not been begun again");

    /// <summary>Counts how often it is begun again.</summary>
    private sealed class DyingTunnel : ITunnel
    {
        public int Beginnings { get; private set; }

        public bool Fails { get; set; }

        public string Interface => "dying0";

        public int Port => 1;

        public string Driver => "none";

        public Task UpAsync(IPAddress address, string network, int mtu) => Task.CompletedTask;

        public Task BeginAgainAsync(CancellationToken giveUp = default)
        {
            Beginnings++;
            return Fails ? Task.FromException(new MeshException("Not now.")) : Task.CompletedTask;
        }

        public Task SetAsync(TunnelPeer peer, CancellationToken giveUp = default) => Task.CompletedTask;

        public Task RemoveAsync(string publicKey, CancellationToken giveUp = default) => Task.CompletedTask;

        public Task<IReadOnlyList<TunnelPeerStatus>> AskAsync(CancellationToken giveUp = default) =>
            Task.FromResult<IReadOnlyList<TunnelPeerStatus>>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
