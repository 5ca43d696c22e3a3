using System.Net.WebSockets;
using System.Text.Json;
using Sojourn.Tests.Server;
using static Sojourn.Tests.Parties.Server.PartyUnderTest;

namespace Sojourn.Tests.Parties.Server;

/// <summary>How much a seat may have and send, and who stands above it.</summary>
public sealed class SeatLimitTests
{
    private const int MostBytes = 64 << 10;

    [Fact]
    public async Task A_frame_of_64_KiB_is_answered_and_one_byte_more_ends_the_connection_and_not_the_seat()
    {
        await using var party = await StartAsync();
        var ann = await party.JoinAsync("Ann");
        await using var live = await ann.OpenAsync();
        const string frame = """{"id":7,"command":"heartbeat"}""";
        await live.SendTextAsync(frame.PadRight(MostBytes));
        (await live.NextAsync("id")).GetInt64().ShouldBe(7);

        await live.SendTextAsync(frame.PadRight(MostBytes + 1));
        (await live.ClosedAsync()).ShouldBe(WebSocketCloseStatus.MessageTooBig);
        (await ann.SendAsync("heartbeat")).Number.ShouldBe(200);
    }

    [Fact]
    public async Task With_a_third_connection_to_the_relay_a_seats_oldest_ends_and_no_other_seats()
    {
        await using var party = await StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        using var bens = await ben.OpenRelayAsync();
        using var first = await ann.OpenRelayAsync();
        using var second = await ann.OpenRelayAsync();
        using var third = await ann.OpenRelayAsync();
        (await NextAsync(first)).MessageType.ShouldBe(WebSocketMessageType.Close);
        first.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        first.CloseStatusDescription.ShouldBe("This seat has 2 newer ones.");

        using var fourth = await ann.OpenRelayAsync();
        (await NextAsync(second)).MessageType.ShouldBe(WebSocketMessageType.Close);
        foreach (var open in (ClientWebSocket[])[bens, third, fourth])
        {
            // Nonsense is answered with an end, by those that are still there.
            await open.SendAsync(new byte[] { 200, 0 }, WebSocketMessageType.Binary, true, CancellationToken.None);
            (await NextAsync(open)).MessageType.ShouldBe(WebSocketMessageType.Close);
            open.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        }

        // Those that have ended count no longer.
        using var fifth = await ann.OpenRelayAsync();
        using var sixth = await ann.OpenRelayAsync();
        await fifth.SendAsync(new byte[] { 200, 0 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        await NextAsync(fifth);
        fifth.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task The_owner_decides_over_a_party_in_which_nobody_sits_and_no_member_passes_for_the_owner()
    {
        await using var party = await StartAsync();
        var (ann, ben) = (await party.JoinAsync("Ann"), await party.JoinAsync("Ben"));
        await using var live = await ben.OpenAsync();
        foreach (var command in (string[])["settle", "end-party", "ask-ready"])
        {
            (await ben.SendAsync(command, new { by = "" })).Number.ShouldBe(403, command);
            (await ben.AskAsync("POST", $"/{command}", """{"by":null}""")).Number.ShouldBe(403, command);
            // Whatever a reader makes of capitals and of names that come twice.
            foreach (var twice in (string[])[
                """{"By":""}""", $$"""{"by":"{{ben.Member}}","By":""}""", $$"""{"by":"{{ben.Member}}","by":""}"""])
                (await ben.AskAsync("POST", $"/{command}", twice)).Number.ShouldBeInRange(400, 499, twice);
            (await live.SendAsync(command, new { by = "" })).GetProperty("problem").GetProperty("status").GetInt32()
                .ShouldBe(403, command);
        }

        (await ben.SendAsync("invite", new { by = "", invitation = party.Invitation })).Number.ShouldNotBe(200);
        await ben.SendAsync("leave");
        await ann.SendAsync("leave");
        await OwnAsync("settle", new { by = "", locked = true });
        (await party.AskToJoinAsync("Cid"))["code"].GetString().ShouldBe("locked");
        await OwnAsync("settle", new { by = "", locked = false });
        var elsewhere = await party.Server.SendAsync("POST", $"/v1/party/{party.Id}/invite",
            JsonSerializer.Serialize(new { by = "", invitation = "00000000111111111111" }));
        (elsewhere.Number, elsewhere["field"].GetString()).ShouldBe((422, "invitation"));
        var next = party.Invitation[..8] + "111111111111";
        await OwnAsync("invite", new { by = "", invitation = next });
        (await party.AskToJoinAsync("Cid")).Number.ShouldBe(404);
        (await party.AskToJoinAsync("Cid", next)).Number.ShouldBe(201);
        await OwnAsync("end-party", new { by = "" });
        (await party.Server.SendAsync("GET", $"/v1/party/{party.Id}"))["status"].GetString().ShouldBe("ended");

        async Task OwnAsync(string command, object body)
        {
            var done = await party.Server.SendAsync(
                "POST", $"/v1/party/{party.Id}/{command}", JsonSerializer.Serialize(body));
            done.Number.ShouldBe(200, done.Text);
        }
    }

    private static async Task<ValueWebSocketReceiveResult> NextAsync(ClientWebSocket socket)
    {
        using var late = new CancellationTokenSource(ServerUnderTest.Patience);
        return await socket.ReceiveAsync(new byte[4096].AsMemory(), late.Token);
    }
}
