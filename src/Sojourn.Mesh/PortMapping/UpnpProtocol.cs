using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml;

namespace Sojourn.Mesh.PortMapping;

/// <summary>UPnP-IGD: what older routers at home speak.</summary>
internal sealed class UpnpProtocol(SocketOpener open) : IMappingProtocol
{
    private const int LargestAnswer = 256 * 1024, LongestPacket = 2048, MostTries = 4, MostSearches = 2;
    private const string PermanentOnly = "725", Conflict = "718", OtherConflict = "729";

    private static readonly IPEndPoint Everybody = new(IPAddress.Parse("239.255.255.250"), 1900);
    private static readonly TimeSpan SearchFor = TimeSpan.FromSeconds(1);

    private UpnpService? _service;

    public string Name => "UPnP";

    public async Task<PortLease?> MapAsync(PortWish wish, CancellationToken giveUp)
    {
        try
        {
            using var http = OpenHttp(wish.Gateway);
            _service ??= await FindAsync(http, wish.Gateway, giveUp);
            if (_service is not { } service)
                return null;
            var (_, said) = await CallAsync(http, UpnpFormat.WriteCall(service, "GetExternalIPAddress"), giveUp);
            return IPAddress.TryParse(UpnpFormat.ReadValue(said, "NewExternalIPAddress"), out var address)
                && !address.Equals(IPAddress.Any) ? await AddAsync(http, service, wish, address, giveUp) : null;
        }
        catch (Exception failure) when (IsOfRouter(failure))
        {
            // Looked for anew the next time: routers change their ports when they start.
            _service = null;
            return null;
        }
    }

    public async Task UnmapAsync(PortWish wish, PortLease lease, CancellationToken giveUp)
    {
        try
        {
            if (_service is not { } service)
                return;
            using var http = OpenHttp(wish.Gateway);
            await CallAsync(http, UpnpFormat.WriteCall(
                service, "DeletePortMapping", ("NewRemoteHost", ""), ("NewExternalPort", Spell(lease.Outer.Port)),
                ("NewProtocol", "UDP")), giveUp);
        }
        catch (Exception failure) when (IsOfRouter(failure))
        {
            // It closes the port itself when the lease ends.
        }
    }

    /// <summary>Asks for the liked port, then for others: another machine may have that one.</summary>
    private async Task<PortLease?> AddAsync(
        HttpClient http, UpnpService service, PortWish wish, IPAddress address, CancellationToken giveUp)
    {
        var (outer, lease) = (wish.Outer, wish.For);
        for (var time = 0; time < MostTries; time++)
        {
            var (isGood, said) = await CallAsync(http, UpnpFormat.WriteCall(
                service, "AddPortMapping", ("NewRemoteHost", ""), ("NewExternalPort", Spell(outer)),
                ("NewProtocol", "UDP"), ("NewInternalPort", Spell(wish.Port)),
                ("NewInternalClient", wish.Gateway.Own.ToString()), ("NewEnabled", "1"),
                ("NewPortMappingDescription", "Sojourn"),
                ("NewLeaseDuration", Spell((int)lease.TotalSeconds))), giveUp);
            if (isGood)
                return new(new IPEndPoint(address, outer), lease == TimeSpan.Zero ? TimeSpan.MaxValue : lease);
            switch (UpnpFormat.ReadValue(said, "errorCode"))
            {
                case PermanentOnly:
                    lease = TimeSpan.Zero;
                    break;
                case Conflict or OtherConflict:
                    outer = System.Security.Cryptography.RandomNumberGenerator.GetInt32(20_000, 60_000);
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private async Task<UpnpService?> FindAsync(HttpClient http, Gateway gateway, CancellationToken giveUp)
    {
        if (await SearchAsync(gateway, giveUp) is not { } location)
            return null;
        return UpnpFormat.ReadService(await http.GetStringAsync(location, giveUp), location);
    }

    private async Task<Uri?> SearchAsync(Gateway gateway, CancellationToken giveUp)
    {
        using var socket = await open(SocketType.Dgram);
        socket.Bind(new IPEndPoint(gateway.Own, 0));
        for (var time = 0; time < MostSearches && !giveUp.IsCancellationRequested; time++)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
            late.CancelAfter(SearchFor);
            await socket.SendToAsync(UpnpFormat.Search(), Everybody, giveUp);
            if (await HearAsync(socket, gateway, late.Token) is { } location)
                return location;
        }

        return null;
    }

    private static async Task<Uri?> HearAsync(Socket socket, Gateway gateway, CancellationToken late)
    {
        var (bytes, anybody) = (new byte[LongestPacket], new IPEndPoint(IPAddress.Any, 0));
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(bytes.AsMemory(), anybody, late);
                if (((IPEndPoint)got.RemoteEndPoint).Address.Equals(gateway.Router)
                    && UpnpFormat.ReadLocation(bytes.AsSpan(0, got.ReceivedBytes), gateway.Router) is { } location)
                {
                    return location;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Silence so far.
            return null;
        }
    }

    private async Task<(bool IsGood, string Said)> CallAsync(HttpClient http, string call, CancellationToken giveUp)
    {
        var action = call[(call.IndexOf("<u:", StringComparison.Ordinal) + 3)..].Split(' ', 2)[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, _service!.Control)
        {
            Content = new StringContent(call, Encoding.UTF8, "text/xml"),
        };
        request.Headers.Add("SOAPAction", $"\"{_service.Type}#{action}\"");
        using var response = await http.SendAsync(request, giveUp);
        return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(giveUp));
    }

    private HttpClient OpenHttp(Gateway gateway) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (context, giveUp) =>
        {
            var socket = await open(SocketType.Stream);
            try
            {
                socket.Bind(new IPEndPoint(gateway.Own, 0));
                // Only ever an address: names are refused before.
                await socket.ConnectAsync(
                    new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port), giveUp);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        MaxResponseContentBufferSize = LargestAnswer,
    };

    private static bool IsOfRouter(Exception failure) =>
        failure is HttpRequestException or SocketException or XmlException or OperationCanceledException
            or InvalidOperationException;

    private static string Spell(int number) => number.ToString(CultureInfo.InvariantCulture);
}
