using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sojourn.Parties;
using Sojourn.Server.Guarding;

namespace Sojourn.Server.Parties;

/// <summary>Tells whoever calls in the local network that a party is here, while the server runs.</summary>
internal sealed partial class LanAnswer(
    PartyDoor door, IServer server, SojournServerOptions options, TimeProvider time, ILogger<LanAnswer> log)
    : IHostedService, IAsyncDisposable
{
    /// <summary>How often one address is answered in a second.</summary>
    public const int AnswersPerSecond = 20;

    /// <summary>How many it looks for in a second, whoever asks: an address can be made up.</summary>
    public const int SearchesPerSecond = 200;

    private readonly SourceLimits _limits = new(AnswersPerSecond, time), _all = new(SearchesPerSecond, time);
    private readonly CancellationTokenSource _stop = new();
    private Socket? _socket;
    private Task _listening = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Parties.AnswersLan)
            return Task.CompletedTask;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Each of two servers on one machine hears what is called to all.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            socket.Bind(new IPEndPoint(IPAddress.Any, options.Parties.LanPort));
        }
        catch (SocketException refused)
        {
            // The parties are there all the same, for those who know where.
            socket.Dispose();
            LogDeaf(options.Parties.LanPort, refused.Message);
            return Task.CompletedTask;
        }

        _socket = socket;
        _listening = ListenAsync(socket);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _listening;
        _socket?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }

    private async Task ListenAsync(Socket socket)
    {
        // One more than a query, so that what is longer is not taken for one.
        var bytes = GC.AllocateArray<byte>(LanFormat.QueryLength + 1, pinned: true);
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(bytes.AsMemory(), anybody, _stop.Token);
                var from = (IPEndPoint)received.RemoteEndPoint;
                if (await AnswerAsync(bytes.AsMemory(0, received.ReceivedBytes), from) is { } answer)
                    await socket.SendToAsync(answer, SocketFlags.None, from, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                // It is over.
            }
            catch (SocketException)
            {
                // One that is gone, or asked with more than a query: the next may be another.
            }
            catch (SojournException failure)
            {
                // The store cannot be read now. Who asks will ask again.
                LogFailed(failure);
            }
        }
    }

    /// <returns>Null for nothing: nobody learns which parties are not here, nor that anything listens.</returns>
    private async ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> bytes, IPEndPoint from) =>
        LanFormat.ReadQuery(bytes.Span) is { } query && HttpPortFor(from.Address) is { } port
        // Counted before the search, which is what costs.
        && _limits.Lets(from.Address) && _all.Lets("all") && await door.NameOfAsync(query.Handle) is { } name
            ? LanFormat.WriteAnswer(query.Nonce, port, name) : null;

    /// <summary>Where somebody reaches this server; null if that cannot be, or not yet.</summary>
    private int? HttpPortFor(IPAddress from) => server.Features.Get<IServerAddressesFeature>()?.Addresses
        .Select(BindingAddress.Parse)
        .Where(each => each.Scheme == Uri.UriSchemeHttp && each.Port > 0
            && (IsForAll(each.Host) || (IPAddress.IsLoopback(from) && IsLoopback(each.Host))))
        .Select(each => (int?)each.Port).FirstOrDefault();

    /// <summary>Listening on one address alone, it may not be the one that it was asked by.</summary>
    private static bool IsForAll(string host) => host is "*" or "+"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    private static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(220, LogLevel.Warning,
        "Parties are not found in the local network: the UDP port {Port} cannot be used ({Why}). Whoever joins needs "
        + "the server's address beside the code. 'Parties:LanPort' chooses another port, which those who look do not "
        + "ask.")]
    private partial void LogDeaf(int port, string why);

    [LoggerMessage(221, LogLevel.Warning, "Somebody looked for a party in the local network, and that failed.")]
    private partial void LogFailed(Exception failure);
}
