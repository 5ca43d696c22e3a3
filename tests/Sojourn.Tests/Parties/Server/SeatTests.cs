using System.Net.WebSockets;
using System.Text.Json;
using Sojourn.Kinds.Parties;
using Sojourn.Tests.Server;
using static Sojourn.Tests.Parties.Server.PartyUnderTest;

namespace Sojourn.Tests.Parties.Server;

/// <summary>Members at a real server.</summary>
public sealed class SeatTests
{
    [Fact]
    public async Task Who_has_the_invitation_joins_without_any_key_however_it_is_typed()
    {
        await using var party = await StartAsync();
        party.Invitation.Length.ShouldBe(20);
        using var stranger = party.Server.Client(null);
        var typed = $"{party.Invitation[..5].ToUpperInvariant()}-{party.Invitation[5..12]} {party.Invitation[12..]}";

        var ann = await party.AskToJoinAsync("Ann", typed);
        ann.Number.ShouldBe(201, ann.Text);
        (ann["address"].GetString(), ann["isBack"].GetBoolean()).ShouldBe(("10.66.0.1", false));
        ann["party"].GetProperty("host").GetString().ShouldBe(Friends.IdOf("Ann"));
        ann.Text.ShouldNotContain("secretHash", Case.Insensitive);
        ann.Text.ShouldNotContain("invitation", Case.Insensitive);

        var again = await party.AskToJoinAsync("Ann");
        (again.Number, again["isBack"].GetBoolean(), again["address"].GetString())
            .ShouldBe((200, true, "10.66.0.1"));
    }

    [Fact]
    public async Task A_wrong_code_a_wrong_password_and_anothers_key_are_refused()
    {
        await using var party = await StartAsync("""{"name":"Friday","password":"open sesame"}""");
        party.Server.Http.ShouldNotBeNull();
        (await party.AskToJoinAsync("Ann", "0123456789abcdefghjk")).Number.ShouldBe(404);
        (await party.AskToJoinAsync("Ann", party.Invitation[..19] + "!")).Number.ShouldBe(404);
        (await party.AskToJoinAsync("Ann", "")).Number.ShouldBe(404);
        CodeOf(await party.AskToJoinAsync("Ann"), 403).ShouldBe("password-needed");
        CodeOf(await party.AskToJoinAsync("Ann", password: "sesame")).ShouldBe("password-wrong");
        (await party.AskToJoinAsync("Ann", password: "open sesame")).Number.ShouldBe(201);

        CodeOf(await party.AskToJoinAsync(
            "Ann", password: "open sesame", secret: SecretOf("a thief")), 409).ShouldBe("key-in-use");
        (await party.AskToJoinAsync("Ann", password: "open sesame", secret: "short")).Number.ShouldBe(422);
        var kept = await party.Server.SendAsync("GET", $"/v1/party/{party.Id}");
        kept.Text.ShouldNotContain("open sesame");
    }

    [Fact]
    public async Task A_start_that_is_sent_again_has_the_same_invitation()
    {
        await using var party = await StartAsync();
        const string start = """{"name":"Twice","password":"p"}""";
        var first = await party.Server.SendAsync("POST", "/v1/party", start, ("Idempotency-Key", "one"));
        var second = await party.Server.SendAsync("POST", "/v1/party", start, ("Idempotency-Key", "one"));
        second.Number.ShouldBe(201, second.Text);
        second["state"].GetRawText().ShouldBe(first["state"].GetRawText());
        (await party.AskToJoinAsync("Ann", first["state"].GetProperty("invitation").GetString(), "p"))
            .Number.ShouldBe(201);
    }

    [Fact]
    public async Task A_member_acts_for_itself_alone()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        var ben = await party.JoinAsync("Ben");

        (await ann.SendAsync("heartbeat")).Number.ShouldBe(200);
        // Ben's secret at Ann's seat, no secret, the owner's key, and in another's name.
        (await ann.AskAsync("POST", "/heartbeat", "{}", with: SecretOf("Ben"))).Number.ShouldBe(401);
        (await ann.AskAsync("POST", "/heartbeat", "{}", with: ServerUnderTest.Key)).Number.ShouldBe(401);
        (await ann.AskAsync("GET", with: "nonsense")).Number.ShouldBe(401);
        (await ben.SendAsync("heartbeat", new { by = ann.Member })).Number.ShouldBe(403);
        CodeOf(await ben.SendAsync("kick", new { member = ann.Member }), 409).ShouldBe("host-only");
        (await ben.SendAsync("join")).Number.ShouldBe(404);
        // A seat's secret opens nothing else.
        using var client = party.Server.Client(SecretOf("Ann"));
        using var sessions = new HttpRequestMessage(HttpMethod.Get, $"/v1/party/{party.Id}");
        (await ServerUnderTest.SendAsync(client, sessions)).Number.ShouldBe(401);

        (await ann.SendAsync("kick", new { member = ben.Member })).Number.ShouldBe(200);
        (await ben.SendAsync("heartbeat")).Number.ShouldBe(401);
    }

    [Fact]
    public async Task Signals_that_come_again_or_are_too_large_are_refused_and_the_others_arrive()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        var ben = await party.JoinAsync("Ben");
        var signal = new { to = ben.Member, sequence = 1, data = "hello" };
        (await ann.SendAsync("send-signal", signal)).Number.ShouldBe(200);
        CodeOf(await ann.SendAsync("send-signal", signal), 409).ShouldBe("replayed");
        (await ann.SendAsync("send-signal", new { to = ben.Member, sequence = 2, data = new string('x', 2049) }))
            .Number.ShouldBe(422);
        (await ann.SendAsync("send-signal", new { to = ben.Member, sequence = 2, data = new string('x', 100_000) }))
            .Number.ShouldBe(413);

        var pulse = (await ben.SendAsync("heartbeat"))["reply"];
        pulse.GetProperty("signals").EnumerateArray().Single().GetProperty("data").GetString().ShouldBe("hello");
        (await ben.SendAsync("heartbeat", new { signalsUpTo = 1 }))["reply"]
            .GetProperty("signals").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_new_invitation_and_a_ban_make_the_old_code_worthless()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        var ben = await party.JoinAsync("Ben");
        var invited = (await ann.SendAsync("invite", new { password = "p" }))["reply"];
        var code = invited.GetProperty("invitation").GetString()!;
        (code[..8], invited.GetProperty("hasPassword").GetBoolean()).ShouldBe((party.Invitation[..8], true));
        (await party.AskToJoinAsync("Cid")).Number.ShouldBe(404);
        (await party.AskToJoinAsync("Cid", code, "p")).Number.ShouldBe(201);

        (await ann.SendAsync("ban", new { member = ben.Member })).Number.ShouldBe(200);
        (await party.AskToJoinAsync("Ben", code, "p")).Number.ShouldBe(404);
        var newest = (await party.Server.SendAsync("GET", $"/v1/party/{party.Id}"))["state"]
            .GetProperty("invitation").GetString();
        CodeOf(await party.AskToJoinAsync("Ben", newest, "p"), 409).ShouldBe("banned");
    }

    [Fact]
    public async Task Whoever_joins_too_fast_waits_and_those_who_are_there_do_not()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        var answers = new List<int>();
        for (var number = 0; number < 200; number++)
            answers.Add((await party.AskToJoinAsync($"Pest {number}", party.Invitation[..8] + "000000000000")).Number);
        answers.Distinct().Order().ShouldBe([404, 429]);
        (await ann.SendAsync("heartbeat")).Number.ShouldBe(200);
    }

    [Fact]
    public async Task On_its_WebSocket_a_member_is_told_at_once_who_comes_what_is_sent_to_it_and_that_it_has_to_go()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        await using var live = await ann.OpenAsync();
        (await live.NextAsync("party")).GetProperty("members").GetArrayLength().ShouldBe(1);

        var ben = await party.JoinAsync("Ben");
        await live.NextAsync("party", view => view.GetProperty("members").GetArrayLength() == 2);
        await using var bens = await ben.OpenAsync();
        (await bens.SendAsync("send-signal", new { to = ann.Member, sequence = 1, data = "psst" }))
            .GetProperty("reply").ValueKind.ShouldBe(JsonValueKind.Null);
        (await live.NextAsync("signals")).EnumerateArray().Single().GetProperty("data").GetString().ShouldBe("psst");
        (await bens.SendAsync("kick", new { member = ann.Member })).GetProperty("problem").GetProperty("code")
            .GetString().ShouldBe("host-only");
        (await live.SendAsync("heartbeat", new { signalsUpTo = 1 })).GetProperty("reply").GetProperty("signals")
            .GetArrayLength().ShouldBe(0);

        await live.SendAsync("kick", new { member = ben.Member });
        (await bens.NextAsync("gone")).GetString().ShouldBe("removed");
        (await bens.ClosedAsync()).ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Nonsense_on_a_WebSocket_ends_it_and_the_seat_stays()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        await using var live = await ann.OpenAsync();
        await live.SendTextAsync("nonsense");
        (await live.ClosedAsync()).ShouldBe(WebSocketCloseStatus.PolicyViolation);
        (await ann.AskAsync("GET")).Number.ShouldBe(200);
        var plain = await ann.AskAsync("GET", "/live");
        plain.Number.ShouldBe(400);
    }

    [Fact]
    public async Task Two_members_alone_are_told_the_key_of_their_pair()
    {
        await using var party = await StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        var cid = await party.JoinAsync("Cid");
        var keys = new Dictionary<(string, string), string>();
        foreach (var seat in (SeatUnderTest[])[ann, ben, cid])
        {
            foreach (var pair in (await seat.AskAsync("GET", "/network"))["pairKeys"].EnumerateObject())
                keys[(seat.Member, pair.Name)] = pair.Value.GetString()!;
        }

        keys.Count.ShouldBe(6);
        foreach (var ((one, other), key) in keys)
            (keys[(other, one)], key.Length).ShouldBe((key, 64));
        keys.Values.Distinct().Count().ShouldBe(3);
    }

    private static string? CodeOf(Reply reply, int status = 403)
    {
        reply.Number.ShouldBe(status, reply.Text);
        return reply["code"].GetString();
    }
}
