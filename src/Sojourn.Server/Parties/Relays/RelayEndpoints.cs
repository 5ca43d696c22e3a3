using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Sojourn.Parties;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Parties.Relays;

/// <summary>Relays that are not this server's own.</summary>
internal sealed class RelayEndpoints(RelayRegistry relays, SeatSecrets secrets, TimeProvider time)
{
    public const string Path = "/v1/party-relays";

    private const int RequestsPerSecond = 10, MostBodyBytes = 4096, LongestHost = 253;

    private readonly SourceLimits _requests = new(RequestsPerSecond, time);

    /// <summary>Lists those that are there.</summary>
    public async ValueTask<HttpProblem?> ListAsync(HttpContext context, Caller caller)
    {
        await Wire.SendAsync(context.Response, new RelayList(
            [.. relays.All().Select(each => new ListedRelay(each.Name, each.Report, each.IsFull))]));
        return null;
    }

    /// <summary>Tells the key that a relay of a name is begun with.</summary>
    public async ValueTask<HttpProblem?> GetKeyAsync(HttpContext context, Caller caller)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (!RelayRegistry.IsName(name))
            return BadName();
        await Wire.SendAsync(context.Response, new RelayKey(name, Convert.ToBase64String(secrets.RelayKey(name))));
        return null;
    }

    /// <summary>Takes what a relay tells of itself.</summary>
    public async ValueTask<HttpProblem?> ReportAsync(HttpContext context, Caller caller)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (!RelayRegistry.IsName(name))
            return BadName();
        if (!relays.Knows(name, SeatEndpoints.ReadSecret(context.Request)))
        {
            return new(HttpProblemTypes.Unauthorized,
                $"This is not the key of a relay '{name}'. `sojourn party relay-key {name}` tells it.");
        }

        // By name, and once it is known: strangers, also behind the same proxy, take nothing from it.
        if (!_requests.Lets(name))
        {
            return new(ProblemTypes.RateLimited,
                $"At most {RequestsPerSecond} requests a second of one relay. Try again in a second.")
            { Code = "too-fast" };
        }

        var body = await RequestBody.ReadAsync(context.Request, typeof(RelayReport), MostBodyBytes);
        if (body.Problem is not null)
            return body.Problem;
        var report = (RelayReport)body.Value!;
        if (!(report is
            {
                Bindings: >= 0, MostBindings: > 0, BytesPerSecond: >= 0 and < 1e15,
                MostBytesPerSecond: > 0 and < 1e15
            }))
        {
            return new(ProblemTypes.Invalid, "A relay's numbers are 0 and more, and what it can do is more than 0.")
            { Code = "out-of-range" };
        }

        if (Place(report.Address, context.Connection.RemoteIpAddress) is not { } address)
        {
            return new(ProblemTypes.Invalid,
                $"'address' must be HOST:PORT with a port of 1 to {65536 - Sojourn.Relays.RelayFormat.Ports:N0}, or "
                + ":PORT for where this comes from, if that is a public address of IPv4; it is "
                + $"{context.Connection.RemoteIpAddress}. Say where members reach the relay with --address.")
            { Field = "address", Code = "out-of-range" };
        }

        if (!relays.Take(name, report with { Address = address }))
        {
            return new(ProblemTypes.Full, $"There are {RelayRegistry.Most} relays already, as many as there may be.");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private static string? Place(string? text, IPAddress? from)
    {
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), out var port)
            || port is 0 or > 65536 - Sojourn.Relays.RelayFormat.Ports)
        {
            return null;
        }

        if (colon > 0)
        {
            var host = text![..colon];
            return host.Length <= LongestHost && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4
                ? text : null;
        }

        from = from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from;
        return from is { AddressFamily: AddressFamily.InterNetwork } && IsPublic(from) ? $"{from}:{port}" : null;
    }

    /// <summary>Behind a proxy it is the proxy's, and in a network at home nobody else reaches it.</summary>
    private static bool IsPublic(IPAddress address) => address.GetAddressBytes() is var bytes
        && !(bytes[0] is 0 or 10 or 127 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32)
            || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254));

    private static HttpProblem BadName() => HttpProblem.BadParameter("name",
        $"A relay's name is 1 to 32 of a-z, 0-9 and '-', and not '{PartyPorts.RelayName}'.");
}

/// <summary>The relays that are not the server's own.</summary>
/// <param name="Relays">By name.</param>
internal sealed record RelayList(ImmutableArray<ListedRelay> Relays);

/// <summary>A relay that is not the server's own.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Report">What it told last, at most 35 s ago.</param>
/// <param name="IsFull">Whether it is only for who is on it, or has no other.</param>
internal sealed record ListedRelay(string Name, RelayReport Report, bool IsFull);

/// <summary>What a relay is begun with.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Key">In base64: lets whoever has it be this relay, and pass on between whom it likes there.</param>
internal sealed record RelayKey(string Name, string Key);
