using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sojourn.Mesh.PortMapping;

/// <summary>
/// Has the router open the tunnel's port, keeps it open, and gives it back in the end. Nothing waits for it: what it
/// finds is told when it is there.
/// </summary>
/// <param name="port">The tunnel's port.</param>
/// <param name="gateway">Finds the router.</param>
/// <param name="protocols">What to ask by, in the order to try.</param>
/// <param name="time">The clock.</param>
internal sealed class PortMapper(
    int port, Func<Gateway?> gateway, IReadOnlyList<IMappingProtocol> protocols, TimeProvider time)
{
    /// <summary>What a router is asked for. The standards say two hours at most, and it is renewed at half of it.
    /// </summary>
    internal static readonly TimeSpan LeaseFor = TimeSpan.FromHours(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6), PatienceAtEnd = TimeSpan.FromSeconds(1),
        SoonestRenewal = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait after one that failed: a router may be starting, but most that are silent stay so.
    /// </summary>
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)];

    private TaskCompletionSource _look = New();
    private OpenPort? _open;
    private int _failures;

    /// <summary>What is open has changed; null for nothing.</summary>
    public Action<PortLease?>? Changed { get; set; }

    /// <summary>What is open, and by which protocol; null for nothing.</summary>
    public (string Protocol, PortLease Lease)? Now =>
        _open is { } open ? (open.Protocol.Name, open.Lease) : null;

    /// <summary>By all protocols there are, in this machine's network.</summary>
    /// <param name="port">The tunnel's port.</param>
    /// <param name="tunnel">The interface that is the tunnel's own.</param>
    /// <param name="time">The clock.</param>
    public static PortMapper Of(int port, string? tunnel, TimeProvider time) =>
        new(port, () => Gateway.Find(tunnel), Protocols(OpenAsync), time);

    /// <summary>All protocols there are, in the order to try.</summary>
    internal static IReadOnlyList<IMappingProtocol> Protocols(SocketOpener open) =>
        [new PcpProtocol(open), new NatPmpProtocol(open), new UpnpProtocol(open)];

    /// <summary>Looks at once: the network has changed.</summary>
    public void Look() => Volatile.Read(ref _look).TrySetResult();

    /// <summary>Runs until it is stopped, and gives back then what is open.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        NetworkChange.NetworkAddressChanged += OnChange;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                _look = New();
                var pause = await RenewAsync(stop);
                using var until = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAny(_look.Task, Task.Delay(pause, time, until.Token));
                await until.CancelAsync();
            }
        }
        finally
        {
            NetworkChange.NetworkAddressChanged -= OnChange;
            await CloseAsync();
        }
    }

    private void OnChange(object? sender, EventArgs e) => Look();

    /// <returns>When to look again.</returns>
    private async Task<TimeSpan> RenewAsync(CancellationToken stop)
    {
        var before = _open?.Lease.Outer;
        var next = gateway() is { } router ? await OpenAsync(router, stop) : null;
        if (stop.IsCancellationRequested && next is null)
            return TimeSpan.Zero;
        _open = next;
        if (!Equals(before, next?.Lease.Outer))
            Changed?.Invoke(next?.Lease);
        if (next is null)
            return Pauses[Math.Min(_failures++, Pauses.Length - 1)];
        _failures = 0;
        var half = TimeSpan.FromTicks(Math.Min(next.Lease.For.Ticks, LeaseFor.Ticks) / 2);
        return half < SoonestRenewal ? SoonestRenewal : half;
    }

    private async Task<OpenPort?> OpenAsync(Gateway router, CancellationToken stop)
    {
        // The one that has opened it first, with the port that it gave.
        var wish = new PortWish(router, port, _open?.Lease.Outer.Port ?? port, LeaseFor);
        foreach (var protocol in protocols.OrderBy(each => each != _open?.Protocol))
        {
            using var late = new CancellationTokenSource(Patience, time);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
            if (await protocol.MapAsync(wish, over.Token) is { } lease)
                return new(protocol, wish, lease);
            if (stop.IsCancellationRequested)
                return null;
        }

        return null;
    }

    private async Task CloseAsync()
    {
        if (_open is not { } open)
            return;
        using var late = new CancellationTokenSource(PatienceAtEnd, time);
        await open.Protocol.UnmapAsync(open.Wish, open.Lease, late.Token);
        _open = null;
    }

    private static Task<Socket> OpenAsync(SocketType type) => Task.FromResult(new Socket(
        AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record OpenPort(IMappingProtocol Protocol, PortWish Wish, PortLease Lease);
}
