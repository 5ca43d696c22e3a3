using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Parties;

/// <summary>Seats in parties: members have no key, but the secret that they joined with.</summary>
internal sealed class SeatEndpoints(
    SojournEngine engine, PartyDoor door, SeatCommands commands, PartyNetwork network, TimeProvider time)
{
    /// <summary>How many may join within a second from one address.</summary>
    public const int JoinsPerSecond = 10;

    /// <summary>The most that a member may say at once, over HTTP and in a frame of its WebSocket.</summary>
    public const int MostBodyBytes = 64 << 10;

    private const int RequestsPerSecond = 40;
    private const int ShortestSecret = 32, LongestSecret = 128;

    private readonly SourceLimits _joins = new(JoinsPerSecond, time);
    private readonly SourceLimits _requests = new(RequestsPerSecond, time);

    /// <summary>What members ask for.</summary>
    public SeatCommands Commands => commands;

    public static bool Serve(SojournEngine engine) => engine.Kinds.ContainsKey(PartyKind.KindName);

    /// <summary>Takes a seat.</summary>
    public async ValueTask<HttpProblem?> JoinAsync(HttpContext context, Caller caller)
    {
        if (context.Connection.RemoteIpAddress is { } address && !_joins.Lets(address))
            return TooFast($"At most {JoinsPerSecond} a second may join from one address.");
        var body = await RequestBody.ReadAsync(context.Request, typeof(TakeSeat), MostBodyBytes);
        if (body.Problem is not null)
            return body.Problem;
        var asked = (TakeSeat)body.Value!;
        if (!IsSecret(asked.Secret))
        {
            return new(ProblemTypes.Invalid,
                $"'secret' must be {ShortestSecret} to {LongestSecret} letters, digits, '-' and '_'.")
            { Field = "secret", Code = "out-of-range" };
        }

        var (seat, joined, problem) = await door.JoinAsync(asked);
        if (seat is null || joined is null)
            return problem;
        var party = await engine.GetAsync<Party>(seat.Party.Id, seat.Party.Owner);
        if (!party.IsAccepted)
            return HttpProblem.Of(party.Problem);
        context.Response.StatusCode = joined.IsBack ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        await Wire.SendAsync(context.Response, new SeatView(
            $"{PartyCode.HandleOf(party.Reply.State.Invitation)}/{seat.Member}", joined.Member, joined.Address,
            joined.IsBack, party.Reply.State.ToView(seat.Party.Id),
            network.Of(seat, party.Reply.State, context.Request.Host.Host)));
        return null;
    }

    /// <summary>Tells a member of its party.</summary>
    public async ValueTask<HttpProblem?> GetAsync(HttpContext context, Caller caller)
    {
        var (seat, party, problem) = await KnowAsync(context);
        if (seat is null)
            return problem;
        await Wire.SendAsync(context.Response, party!.ToView(seat.Party.Id));
        return null;
    }

    /// <summary>Tells a member what helps to reach the others; tickets are good for a while only.</summary>
    public async ValueTask<HttpProblem?> GetNetworkAsync(HttpContext context, Caller caller)
    {
        var (seat, party, problem) = await KnowAsync(context);
        if (seat is null)
            return problem;
        await Wire.SendAsync(context.Response, network.Of(seat, party!, context.Request.Host.Host));
        return null;
    }

    /// <summary>Tells anybody where STUN is answered: also who has not joined yet may want to know its NAT.</summary>
    public async ValueTask<HttpProblem?> GetStunAsync(HttpContext context, Caller caller)
    {
        await Wire.SendAsync(
            context.Response, new StunView([.. network.StunServers(context.Request.Host.Host)]));
        return null;
    }

    /// <summary>Does what a member asks.</summary>
    public async ValueTask<HttpProblem?> SendAsync(HttpContext context, Caller caller)
    {
        var (seat, _, problem) = await KnowAsync(context);
        if (seat is null)
            return problem;
        var body = await RequestBody.ReadAsync(context.Request, typeof(JsonElement), MostBodyBytes);
        if (body.Problem is not null)
            return body.Problem;
        var (reply, refusal) = await commands.SendAsync(
            seat, (string)context.Request.RouteValues["command"]!, (JsonElement)body.Value!);
        if (refusal is not null)
            return refusal;
        await Wire.SendAsync(context.Response, new SeatReply(reply is Nothing ? null : reply));
        return null;
    }

    /// <summary>Who asks; null, and a problem, if nobody who sits there.</summary>
    public async ValueTask<(Seat? Seat, Party? Party, HttpProblem? Problem)> KnowAsync(HttpContext context)
    {
        var route = context.Request.RouteValues;
        var (handle, member) = ((string?)route["handle"], (string?)route["member"]);
        // Also those who only guess at a seat.
        if (!_requests.Lets($"{handle}/{member}/{context.Connection.RemoteIpAddress}"))
            return (null, null, TooFast($"At most {RequestsPerSecond} requests a second and seat."));
        return await door.KnowAsync(handle, member, ReadSecret(context.Request));
    }

    /// <summary>What a request speaks with.</summary>
    public static string? ReadSecret(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var text = request.Headers.Authorization is [{ } only] ? only : "";
        return text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && IsSecret(text[scheme.Length..])
            ? text[scheme.Length..] : null;
    }

    private static bool IsSecret(string? text) => text is { Length: >= ShortestSecret and <= LongestSecret }
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static HttpProblem TooFast(string sentence) =>
        new(ProblemTypes.RateLimited, $"{sentence} Try again in a second.") { Code = "too-fast" };
}

/// <summary>What a command was answered with.</summary>
/// <param name="Reply">Null if there is nothing to say but that it was done.</param>
internal sealed record SeatReply(object? Reply);
