using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Parties;

/// <summary>What members ask for, always in their own name.</summary>
internal sealed class SeatCommands(SojournEngine engine, PartyDoor door)
{
    /// <summary>The one whose parameters and reply are not those of the kind's own command.</summary>
    public const string Invite = "invite";

    private static readonly FrozenDictionary<string, Type> Known = new[]
    {
        typeof(Leave), typeof(Kick), typeof(Ban), typeof(Unban), typeof(HandOver), typeof(Settle), typeof(EndParty),
        typeof(Heartbeat), typeof(Report), typeof(SendSignal), typeof(AskReady), typeof(AnswerReady), typeof(Say),
    }.ToFrozenDictionary(WireName.Of, StringComparer.Ordinal);

    // What comes so often that it does not wait for the disk; 100 ms later it is there as well.
    private static readonly FrozenSet<Type> Fleeting =
        new[] { typeof(Heartbeat), typeof(Report), typeof(SendSignal), typeof(Say) }.ToFrozenSet();

    /// <summary>The names on the wire.</summary>
    public static IEnumerable<string> Names => [.. Known.Keys.Append(Invite).Order(StringComparer.Ordinal)];

    /// <summary>Has the party decide.</summary>
    /// <param name="seat">Who asks.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="parameters">Its parameters; null for none.</param>
    /// <returns>The reply, or why not.</returns>
    public async ValueTask<(object? Reply, HttpProblem? Problem)> SendAsync(
        Seat seat, string name, JsonElement? parameters)
    {
        if (name == Invite)
            return await InviteAsync(seat, parameters);
        if (!Known.TryGetValue(name, out var type))
        {
            return (null, new(ProblemTypes.UnknownCommand,
                $"A member has no command of this name. There are: {string.Join(", ", Names)}."));
        }

        if (ReadOwn(seat, parameters, type, out var command) is { } fault)
            return (null, fault);
        if (command is Ban ban)
            command = ban with { Invitation = PartyCode.New(await door.HandleOfAsync(seat.Party)) };
        var answer = await engine.SendAsync(seat.Party, command!);
        if (!answer.IsAccepted)
            return (null, HttpProblem.Of(answer.Problem) with { IsOfCommand = true });
        if (!Fleeting.Contains(type))
            await engine.FlushAsync();
        return (answer.Reply, null);
    }

    private async ValueTask<(object?, HttpProblem?)> InviteAsync(Seat seat, JsonElement? parameters)
    {
        var read = RequestBody.Read(parameters, typeof(NewInvitation));
        if (read.Problem is not null)
            return (null, read.Problem);
        var asked = (NewInvitation)read.Value!;
        if (asked.Password?.Length > PartyPassword.Longest)
        {
            return (null, new(ProblemTypes.Invalid, $"'password' must be at most {PartyPassword.Longest} characters.")
            {
                Field = "password",
                Code = "out-of-range",
            });
        }

        var invite = new Invite(
            seat.Member, PartyCode.New(await door.HandleOfAsync(seat.Party)),
            asked.Password is null or "" ? asked.Password : PartyPassword.Hash(asked.Password));
        var answer = await engine.SendAsync(seat.Party, invite);
        if (!answer.IsAccepted)
            return (null, HttpProblem.Of(answer.Problem) with { IsOfCommand = true });
        await engine.FlushAsync();
        var now = await engine.GetAsync<Party>(seat.Party.Id, seat.Party.Owner);
        return now.IsAccepted
            ? (new InvitationView(now.Reply.State.Invitation, now.Reply.State.PasswordHash is not ""), null)
            : (null, HttpProblem.Of(now.Problem));
    }

    /// <summary>Whoever names another is refused: what stands there is what was meant.</summary>
    private static HttpProblem? ReadOwn(Seat seat, JsonElement? parameters, Type type, out object? command)
    {
        command = null;
        if (parameters is { ValueKind: not JsonValueKind.Object })
            return new(HttpProblemTypes.Malformed, "A command's parameters are a JSON object.");
        var all = parameters is { } given ? JsonObject.Create(given)! : [];
        if (all.TryGetPropertyValue("by", out var by) && by?.ToString() != seat.Member)
            return new(HttpProblemTypes.Forbidden, "A member speaks for itself alone; leave 'by' out.");
        all["by"] = seat.Member;
        var read = RequestBody.Read(JsonSerializer.SerializeToElement(all), type);
        command = read.Value;
        return read.Problem;
    }
}
