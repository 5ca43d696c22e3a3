using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Sojourn.Mesh.Nat;
using Sojourn.Mesh.Paths;
using Sojourn.Mesh.Ports;
using Sojourn.Parties;

namespace Sojourn.Mesh.Nodes;

/// <summary>Knows how this machine is seen: its own addresses, and what servers see.</summary>
/// <param name="port">The port that matters.</param>
/// <param name="isOurs">The interface that is the tunnel's own; it leads nowhere.</param>
/// <param name="time">The clock.</param>
internal sealed class StunWatch(IUdpPort port, string? isOurs, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20), Patience = TimeSpan.FromSeconds(1);

    // With the rest they are within what a party takes of a member.
    private const int MostOfFour = 8, MostOfSix = 4;

    private readonly StunClient _client = new(port, time);
    private TaskCompletionSource _look = New();
    private ImmutableArray<Candidate> _told = [];
    private IPEndPoint? _mapped;
    private bool _isNamed;

    /// <summary>The servers, in the order to ask.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; set; } = [];

    /// <summary>Further addresses that lead here: what a router has opened.</summary>
    public ImmutableArray<Candidate> Mapped { get; set; } = [];

    /// <summary>Where this machine may be reached has changed; true if servers see it otherwise than before.</summary>
    public Action<ImmutableArray<Candidate>, bool>? Changed { get; set; }

    /// <summary>The kind of NAT was found out.</summary>
    public Action<NatReport>? Named { get; set; }

    /// <summary>No server answers.</summary>
    public Action? Silent { get; set; }

    /// <summary>Takes what is an answer to it.</summary>
    public bool TryTake(ReadOnlySpan<byte> bytes, IPEndPoint from) => _client.TryTake(bytes, from);

    /// <summary>Looks at once.</summary>
    public void Look() => Volatile.Read(ref _look).TrySetResult();

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        NetworkChange.NetworkAddressChanged += OnChange;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                _look = New();
                await LookAsync(stop);
                using var until = CancellationTokenSource.CreateLinkedTokenSource(stop);
                await Task.WhenAny(_look.Task, Task.Delay(Every, time, until.Token));
                await until.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is over.
        }
        finally
        {
            NetworkChange.NetworkAddressChanged -= OnChange;
        }
    }

    private void OnChange(object? sender, EventArgs e) => Look();

    private async Task LookAsync(CancellationToken stop)
    {
        Tell(isNew: false);
        if (Servers.Count == 0)
            return;
        var seen = (await _client.AskAsync(Servers[0], StunChange.None, Patience, stop))?.Mapped;
        if (seen is null)
        {
            Silent?.Invoke();
            // Perhaps no UDP gets through at all.
            if (_mapped is null && !_isNamed)
                await NameAsync(stop);
            return;
        }

        // A server on this machine says nothing of how others see it.
        if (seen.Equals(_mapped) || IPAddress.IsLoopback(seen.Address))
            return;
        _mapped = seen;
        Tell(isNew: true);
        await NameAsync(stop);
    }

    private async Task NameAsync(CancellationToken stop)
    {
        _isNamed = true;
        var test = new NatTest(_client, () => new PlainPort(PlainPort.OpenSocket()), time);
        Named?.Invoke((await test.RunAsync(Servers, stop: stop)).ToReport());
    }

    private void Tell(bool isNew)
    {
        ImmutableArray<Candidate> now =
        [
            .. _mapped is null ? [] : (Candidate[])[new(_mapped.ToString(), CandidateSource.Reflexive)],
            .. Mapped,
            .. Local(),
        ];
        if (!isNew && now.SequenceEqual(_told))
            return;
        _told = now;
        Changed?.Invoke(now, isNew);
    }

    private IEnumerable<Candidate> Local()
    {
        var all = NetworkInterface.GetAllNetworkInterfaces()
            .Where(each => each.OperationalStatus == OperationalStatus.Up && each.Name != isOurs
                && each.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(each => each.GetIPProperties().UnicastAddresses)
            .Select(each => each.Address).ToList();
        return all.Where(each => each.AddressFamily == AddressFamily.InterNetwork).Take(MostOfFour)
            .Concat(all.Where(each => port.HasIpv6 && each.AddressFamily == AddressFamily.InterNetworkV6
                && !each.IsIPv6LinkLocal && !each.IsIPv4MappedToIPv6).Take(MostOfSix))
            .Select(each => new IPEndPoint(each, port.Number))
            .Where(each => !each.Equals(_mapped))
            .Select(each => new Candidate(each.ToString(), Way.IsPrivate(each.Address)
                || each.AddressFamily == AddressFamily.InterNetwork ? CandidateSource.Lan : CandidateSource.Ipv6));
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
