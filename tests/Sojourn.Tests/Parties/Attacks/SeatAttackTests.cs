using System.Text.Json;
using Sojourn.Kinds.Parties;
using Sojourn.Tests.Parties.Server;
using Sojourn.Tests.Server;
using static Sojourn.Tests.Parties.Server.PartyUnderTest;

namespace Sojourn.Tests.Parties.Attacks;

/// <summary>Whoever wants a seat, or another's voice, over HTTP.</summary>
public sealed class SeatAttackTests
{
    private const int Joins = 10_000, AtOnce = 8;

    [Fact]
    public async Task A_heartbeat_in_anothers_name_is_refused_and_does_not_keep_the_other_alive()
    {
        await using var party = await StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        var before = await StateAsync(party);
        // Another's seat with one's own secret, one's own with a wrong one and with the other's, and none.
        (await ann.AskAsync("POST", "/heartbeat", "{}", SecretOf("Ben"))).Number.ShouldBe(401);
        (await ann.AskAsync("POST", "/heartbeat", "{}", SecretOf("a thief"))).Number.ShouldBe(401);
        (await ben.AskAsync("POST", "/heartbeat", "{}", SecretOf("Ann"))).Number.ShouldBe(401);
        (await ben.AskAsync("POST", "/heartbeat", "{}", ServerUnderTest.Key)).Number.ShouldBe(401);
        using var stranger = party.Server.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Post, ann.Path + "/heartbeat");
        (await ServerUnderTest.SendAsync(stranger, request)).Number.ShouldBe(401);
        (await ben.SendAsync("heartbeat", new { by = ann.Member })).Number.ShouldBe(403);
        (await StateAsync(party)).ShouldBe(before);
        (await ben.SendAsync("heartbeat")).Number.ShouldBe(200);
    }

    [Fact]
    public async Task A_right_secret_opens_no_seat_of_another_party()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        var made = await party.Server.SendAsync("PUT", "/v1/party/other", """{"name":"Other"}""");
        var other = made["state"].GetProperty("invitation").GetString()!;
        var seat = new SeatUnderTest(party.Server, $"{other[..8]}/{ann.Member}", SecretOf("Ann"));
        (await seat.SendAsync("heartbeat")).Number.ShouldBe(401);
        (await seat.AskAsync("GET", "/network")).Number.ShouldBe(401);
        (await ann.SendAsync("heartbeat")).Number.ShouldBe(200);
    }

    [Fact]
    public async Task Who_joins_with_anothers_public_key_and_a_secret_of_its_own_is_refused_and_the_other_stays()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        var before = await StateAsync(party);
        var stolen = await party.AskToJoinAsync("Ben", key: Friends.KeyOf("Ann"));
        (stolen.Number, stolen["code"].GetString()).ShouldBe((409, "key-in-use"));
        stolen.Text.ShouldNotContain("10.66.0.1");
        (await StateAsync(party)).ShouldBe(before);
        (await ann.AskAsync("POST", "/heartbeat", "{}", SecretOf("Ben"))).Number.ShouldBe(401);
        (await ann.SendAsync("heartbeat")).Number.ShouldBe(200);
    }

    [Fact]
    public async Task A_signal_that_was_sent_before_is_refused_and_arrives_once()
    {
        await using var party = await StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        foreach (var (sequence, status) in ((long, int)[])[
            (5, 200), (5, 409), (4, 409), (0, 409), (-1, 409), (long.MinValue, 409), (6, 200)])
        {
            var sent = await ann.SendAsync("send-signal", new { to = ben.Member, sequence, data = $"{sequence}" });
            sent.Number.ShouldBe(status, $"{sequence}: {sent.Text}");
        }

        var arrived = (await ben.SendAsync("heartbeat"))["reply"].GetProperty("signals").EnumerateArray()
            .Select(signal => signal.GetProperty("data").GetString());
        arrived.ShouldBe(["5", "6"]);
    }

    [Fact]
    public async Task A_signal_of_2048_characters_arrives_and_one_more_is_refused()
    {
        await using var party = await StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        var largest = new string('x', PartyLimits.LongestSignal);
        (await ann.SendAsync("send-signal", new { to = ben.Member, sequence = 1, data = largest + "x" }))
            .ShouldBeProblem(422, "invalid")["field"].GetString().ShouldBe("data");
        (await ann.SendAsync("send-signal", new { to = ben.Member, sequence = 1, data = largest })).Number
            .ShouldBe(200);
        (await ben.SendAsync("heartbeat"))["reply"].GetProperty("signals")[0].GetProperty("data").GetString()
            .ShouldBe(largest);
    }

    [Fact]
    public async Task Ten_thousand_who_join_are_let_in_as_far_as_there_is_room_and_the_members_go_on_being_served()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        var before = (await party.Server.SendAsync("GET", $"/v1/party/{party.Id}"))["version"].GetInt64();
        var (left, answers) = (Joins, new int[600]);
        var crowd = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) is >= 0 and var number)
                Interlocked.Increment(ref answers[(await party.AskToJoinAsync($"Pest {number}")).Number]);
        })));
        var beats = 0;
        for (; !crowd.IsCompleted || beats == 0; beats++)
        {
            // A member asks no more often than it may.
            var beat = await ann.SendAsync("heartbeat");
            beat.Number.ShouldBeOneOf([200, 429], beat.Text);
            if (beat.Number == 429)
                beats--;
        }

        await crowd;
        beats.ShouldBeGreaterThan(0);
        answers.Sum().ShouldBe(Joins);
        // 15 seats were free; the rest came too fast, or to a full party.
        answers[201].ShouldBeInRange(1, 15);
        (answers[201] + answers[409] + answers[429]).ShouldBe(Joins);
        answers[429].ShouldBeGreaterThan(Joins / 2);
        var after = await party.Server.SendAsync("GET", $"/v1/party/{party.Id}");
        after["state"].GetProperty("members").GetArrayLength().ShouldBe(1 + answers[201]);
        // Who was refused left nothing behind.
        after["version"].GetInt64().ShouldBeLessThanOrEqualTo(before + answers[201] + beats);
    }

    [Theory]
    [InlineData("10.66.0.0/30", 2, "10.66.0.2")]
    [InlineData("10.66.0.0/29", 6, "10.66.0.6")]
    public async Task The_last_address_is_given_the_next_to_join_is_refused_and_who_leaves_makes_room(
        string subnet, int places, string last)
    {
        var larger = JsonSerializer.Serialize(new { name = "Friday", subnet, size = places + 1 });
        var most = JsonSerializer.Serialize(new { name = "Friday", subnet, size = places });
        await using var party = await StartAsync(most);
        (await party.Server.SendAsync("POST", "/v1/party", larger)).ShouldBeProblem(422, "invalid")["field"]
            .GetString().ShouldBe("size");
        var seats = new List<SeatUnderTest>();
        for (var number = 1; number < places; number++)
            seats.Add(await party.JoinAsync($"M{number}"));
        (await party.AskToJoinAsync("Last"))["address"].GetString().ShouldBe(last);

        var refused = await party.AskToJoinAsync("Late");
        (refused.Number, refused["code"].GetString()).ShouldBe((409, "party-full"));
        refused.Detail!.ShouldContain($"{places} members, as many as it may");
        (await seats[0].SendAsync("heartbeat")).Number.ShouldBe(200);
        (await seats[0].SendAsync("leave")).Number.ShouldBe(200);
        (await party.AskToJoinAsync("Late"))["address"].GetString().ShouldBe("10.66.0.1");
    }

    private static async Task<string> StateAsync(PartyUnderTest party) =>
        (await party.Server.SendAsync("GET", $"/v1/party/{party.Id}"))["state"].GetRawText();
}
