using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Sockets;
using Route = Sojourn.Server.Requests.Route;

namespace Sojourn.Server.Agents;

/// <summary>
/// Attaches a client to an agent over a WebSocket: the log, the terminal and commands on one connection. That it comes
/// or goes changes nothing in the session. docs/agents.md has the frames.
/// </summary>
internal sealed class AttachEndpoint(
    SojournEngine engine, AgentHost host, AgentScreens screens, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>The subprotocol; a client must name it.</summary>
    public const string Protocol = "sojourn.agent.v1";

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private const int MostJsonBytes = 8 << 20;

    // A number, and as many as one request types.
    private const int MostKeyBytes = 8 + AgentEndpoints.MostKeys;

    private readonly AttachedNames _names = new();
    private RequestDelegate? _upgrade;

    /// <summary>Makes WebSockets of requests, whatever the application around this does.</summary>
    public void Prepare(IEndpointRouteBuilder routes)
    {
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive });
        pipeline.Run(context => ((Func<Task>)context.Items[typeof(AttachEndpoint)]!)());
        _upgrade = pipeline.Build();
    }

    public async ValueTask<HttpProblem?> AttachAsync(HttpContext context, Caller caller)
    {
        if (!SessionId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            return Route.BadId();
        }

        var found = await engine.GetAsync<Agent>(id, caller.Owner);
        if (!found.IsAccepted)
        {
            return HttpProblem.Of(found.Problem);
        }

        HttpProblem? problem = null;
        context.Items[typeof(AttachEndpoint)] = async () =>
            problem = await UpgradedAsync(context, caller, found.Reply.Key);
        await _upgrade!(context);
        return problem;
    }

    private async Task<HttpProblem?> UpgradedAsync(HttpContext context, Caller caller, SessionKey key)
    {
        if (!context.WebSockets.IsWebSocketRequest
            || !context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            return HttpProblem.BadParameter("Sec-WebSocket-Protocol",
                $"Attach with a WebSocket and its subprotocol '{Protocol}'. Without WebSockets: `events`, "
                + "`streams/output`, `screen`, `input` and the commands.");
        }

        using var lasting = new LastingAnswer(context, caller, time, lifetime);
        // Before the upgrade: with too many watchers the request is answered as any other.
        using var events = await engine.FollowStreamAsync(key, "events");
        using var output = await engine.FollowStreamAsync(key, AgentKind.OutputStream);
        using var socket = new FrameSocket(
            await context.WebSockets.AcceptWebSocketAsync(Protocol), time, MostJsonBytes, MostKeyBytes);
        var client = new AttachedClient(
            engine, new AttachedSession(key, host, screens, _names, time), socket, events, output);
        await client.ServeAsync(lasting.Stop.Token);
        return null;
    }
}
