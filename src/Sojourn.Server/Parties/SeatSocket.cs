using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Server.Sockets;

namespace Sojourn.Server.Parties;

/// <summary>
/// A member on a WebSocket: it is told at once what changes and what is sent to it, and asks for what it wants.
/// docs/parties.md has the frames.
/// </summary>
internal sealed class SeatSocket(
    SojournEngine engine, SeatEndpoints seats, PartyFeed feed, PartyNetwork network, TimeProvider time)
{
    /// <summary>The subprotocol; a client must name it.</summary>
    public const string Protocol = "sojourn.party.v1";

    private const int FramesPerSecond = 60;

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly SourceLimits _frames = new(FramesPerSecond, time);
    private RequestDelegate? _upgrade;

    /// <summary>Makes WebSockets of requests, whatever the application around this does.</summary>
    public void Prepare(IEndpointRouteBuilder routes)
    {
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive });
        pipeline.Run(context => ((Func<Task>)context.Items[typeof(SeatSocket)]!)());
        _upgrade = pipeline.Build();
    }

    public async ValueTask<HttpProblem?> OpenAsync(HttpContext context, Caller caller)
    {
        var (seat, _, problem) = await seats.KnowAsync(context);
        return seat is null ? problem : await UpgradeAsync(context, Protocol, () => OpenAsync(context, seat));
    }

    /// <summary>Has a request answered by a WebSocket.</summary>
    /// <param name="context">The request.</param>
    /// <param name="protocol">The subprotocol that it must name.</param>
    /// <param name="open">Accepts it, and serves it to its end.</param>
    public async ValueTask<HttpProblem?> UpgradeAsync(
        HttpContext context, string protocol, Func<Task<HttpProblem?>> open)
    {
        HttpProblem? problem = null;
        context.Items[typeof(SeatSocket)] = async () => problem =
            context.WebSockets.IsWebSocketRequest
            && context.WebSockets.WebSocketRequestedProtocols.Contains(protocol)
                ? await open()
                : HttpProblem.BadParameter("Sec-WebSocket-Protocol",
                    $"This is for a WebSocket with the subprotocol '{protocol}'.");
        await _upgrade!(context);
        return problem;
    }

    private async Task<HttpProblem?> OpenAsync(HttpContext context, Seat seat)
    {
        var lifetime = (IHostApplicationLifetime)context.RequestServices.GetService(typeof(IHostApplicationLifetime))!;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        using var socket = new FrameSocket(
            await context.WebSockets.AcceptWebSocketAsync(Protocol), time, SeatEndpoints.MostBodyBytes,
            SeatEndpoints.MostBodyBytes);
        await using var pulse = feed.Open(seat.Party);
        await ServeAsync(seat, context.Request.Host.Host, socket, pulse, over);
        return null;
    }

    private async Task ServeAsync(
        Seat seat, string host, FrameSocket socket, PartyPulse pulse, CancellationTokenSource over)
    {
        try
        {
            var telling = TellAsync(seat, host, socket, pulse, over.Token);
            var listening = ListenAsync(seat, socket, over.Token);
            var first = await Task.WhenAny(telling, listening);
            await over.CancelAsync();
            socket.EndSoon();
            await ((Task)Task.WhenAll(telling, listening)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await socket.CloseAsync(await first);
        }
        catch (OperationCanceledException)
        {
            await socket.CloseAsync(new((WebSocketCloseStatus)1012, "The server stops. Come back."));
        }
        catch (Exception failure) when (failure is WebSocketException or IOException)
        {
            // The connection broke; the member comes back.
        }
        catch
        {
            await socket.CloseAsync(new(WebSocketCloseStatus.InternalServerError, "The server failed. Come back."));
            throw;
        }
    }

    /// <summary>Tells what changes, as it stands when the member can be told.</summary>
    private async Task<Goodbye> TellAsync(
        Seat seat, string host, FrameSocket socket, PartyPulse pulse, CancellationToken stop)
    {
        PartyView? told = null;
        var (signal, relays) = (0L, 0);
        while (true)
        {
            var next = pulse.Next();
            var read = await engine.GetAsync<Party>(seat.Party.Id, seat.Party.Owner);
            if (!read.IsAccepted || read.Reply.State.Find(seat.Member) is null)
            {
                await socket.SendAsync(json => json.WriteString("gone"u8, WhyGone(read)), stop);
                return new(WebSocketCloseStatus.NormalClosure, "You do not sit here any more.");
            }

            var party = read.Reply.State;
            if (told is null || relays != network.Revision)
            {
                // First what reaches the members, then who they are.
                relays = network.Revision;
                await TellNetworkAsync(seat, party, host, socket, stop);
            }

            if (party.Revision != told?.Revision)
            {
                var view = party.ToView(seat.Party.Id);
                await TellAsync(seat, party, (told, view), host, socket, stop);
                told = view;
            }

            var fresh = PartyKind.SignalsFor(party, seat.Member, time.GetUtcNow())
                .Where(each => each.Number > signal).ToList();
            if (fresh.Count > 0)
            {
                signal = fresh[^1].Number;
                await socket.SendAsync(json => Write(json, "signals"u8, fresh), stop);
            }

            await next.WaitAsync(stop);
        }
    }

    /// <summary>All of it at first and whenever somebody comes or goes; then what has changed of whom.</summary>
    private async Task TellAsync(
        Seat seat, Party party, (PartyView? Told, PartyView Now) views, string host, FrameSocket socket,
        CancellationToken stop)
    {
        var (told, now) = views;
        if (told is not null && !PartyChanges.AreSameMembers(told, now))
            await TellNetworkAsync(seat, party, host, socket, stop);

        if (PartyChanges.Between(told, now) is { } changes)
            await socket.SendAsync(json => Write(json, "changes"u8, changes), stop);
        else
            await socket.SendAsync(json => Write(json, "party"u8, now), stop);
    }

    private ValueTask TellNetworkAsync(
        Seat seat, Party party, string host, FrameSocket socket, CancellationToken stop) =>
        socket.SendAsync(json => Write(json, "network"u8, network.Of(seat, party, host)), stop);

    private async Task<Goodbye> ListenAsync(Seat seat, FrameSocket socket, CancellationToken stop)
    {
        while (await socket.ReceiveAsync(stop) is { } frame)
        {
            if (!_frames.Lets($"{seat.Party}/{seat.Member}"))
                return new(WebSocketCloseStatus.PolicyViolation, "That is too much at once.");
            var asked = frame.IsBinary ? default : RequestBody.Read(frame.Bytes.Span, typeof(SeatRequest));
            if (asked.Value is not SeatRequest request)
            {
                return new(WebSocketCloseStatus.PolicyViolation,
                    "A frame is {\"id\":1,\"command\":\"heartbeat\",\"body\":{}}.");
            }

            var (reply, problem) = await seats.Commands.SendAsync(seat, request.Command, request.Body);
            await socket.SendAsync(json => Answer(json, request.Id, reply, problem), stop);
        }

        return socket.End;
    }

    private static void Answer(Utf8JsonWriter json, long id, object? reply, HttpProblem? problem)
    {
        json.WriteNumber("id"u8, id);
        if (problem is null)
        {
            Write(json, "reply"u8, reply is Nothing ? null : reply);
            return;
        }

        json.WriteStartObject("problem"u8);
        json.WriteString("type"u8, problem.Type);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, problem.Detail);
        if (problem.Code is not null)
            json.WriteString("code"u8, problem.Code);
        if (problem.Field is not null)
            json.WriteString("field"u8, problem.Field);
        json.WriteBoolean("retryable"u8, problem.Retryable);
        json.WriteEndObject();
    }

    private static void Write<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, T value)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, value?.GetType() ?? typeof(object), SojournJson.Options);
    }

    private static string WhyGone(Answer<SessionView<Party>> read) =>
        !read.IsAccepted || read.Reply.State.EndedAt is not null ? "over" : "removed";
}

/// <summary>What a member asks for on its WebSocket.</summary>
/// <param name="Id">The answer has it too.</param>
/// <param name="Command">The command's name.</param>
/// <param name="Body">Its parameters.</param>
internal sealed record SeatRequest(long Id, string Command, JsonElement? Body = null);
