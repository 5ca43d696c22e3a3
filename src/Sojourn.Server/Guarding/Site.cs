using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Guarding;

/// <summary>Tells requests to this server from those that only got here: by host and origin.</summary>
internal sealed class Site(SojournServerOptions options, IServer server)
{
    // Not before the first request: a server that was given port 0 does not know its addresses earlier.
    private readonly Lazy<HostList> _hosts = new(() => new HostList(
        options.AllowedHosts, server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []));

    public HttpProblem? CheckHost(HttpContext context) => _hosts.Value.Accepts(context)
        ? null
        : new(HttpProblemTypes.Forbidden,
            "The server does not answer to this Host. Use the address it was started with, or allow the name in its "
            + "configuration.");

    public HttpProblem? Check(HttpContext context)
    {
        if (CheckHost(context) is { } problem)
        {
            return problem;
        }

        return context.Request.Headers.Origin is { Count: > 0 } origins
            && (origins.Count > 1 || !_hosts.Value.AcceptsOrigin(context, origins.ToString()))
            ? new(HttpProblemTypes.Forbidden, "Pages of this Origin may not talk to the server.") : null;
    }
}
