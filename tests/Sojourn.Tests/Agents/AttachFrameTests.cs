using System.Net;
using System.Security.Cryptography;

namespace Sojourn.Tests.Agents;

/// <summary>What a client that writes its frames itself gets for them.</summary>
public sealed class AttachFrameTests : IAsyncLifetime
{
    private AgentServer _server = null!;
    private string _id = "";

    private string Key => _server.Serve.Http.DefaultRequestHeaders.Authorization!.Parameter!;

    public async Task InitializeAsync()
    {
        _server = await AgentServer.StartAsync();
        _id = (await _server.NewAsync()).Id;
        await _server.WaitForAsync(_id, "idle");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [ProgramFact]
    public async Task Two_clients_without_a_name_have_numbers_of_their_own()
    {
        await using var ada = _server.Attach(_id);
        await ada.WaitForAsync("ready>");
        foreach (var part in (string[])["echo on", "ly both; ", "echo; ec", "ho done\r"])
        {
            using var socket = await GreetedAsync(client: null);
            await socket.TypeAsync(1, part);
            (await socket.ReceiveAsync("typed")).GetProperty("ok").GetBoolean().ShouldBeTrue();
        }

        await ada.WaitForAsync("\nonly both\n\ndone");
    }

    [ProgramFact]
    public async Task What_comes_after_a_larger_number_is_not_typed_and_not_said_to_be()
    {
        using var socket = await GreetedAsync();
        await socket.TypeAsync(2, "echo two; ");
        await socket.TypeAsync(1, "echo one; ");
        await socket.TypeAsync(2, "echo two; ");

        foreach (var (number, ok, count) in ((long, bool, int)[])[(2, true, 10), (1, false, 0), (2, true, 10)])
        {
            var typed = await socket.ReceiveAsync("typed");
            typed.GetProperty("number").GetInt64().ShouldBe(number);
            typed.GetProperty("ok").GetBoolean().ShouldBe(ok);
            typed.GetProperty("count").GetInt32().ShouldBe(count);
        }
    }

    [ProgramFact]
    public async Task What_is_typed_before_and_while_a_client_connects_arrives_in_order()
    {
        await using var ada = _server.Attach(_id);
        await ada.WaitForAsync("ready>");
        await ada.TypeAsync("stty raw -echo; printf 'it re\\x61ds'; head -c 2000 | sha256sum; stty sane\r");
        await ada.WaitForAsync("it reads");
        var keys = Enumerable.Range(0, 2000).Select(number => (byte)('a' + (number % 26))).ToArray();
        var typist = _server.Client.AttachAgent(_id);
        foreach (var key in keys[..1000])
            await typist.TypeAsync(new[] { key });

        await using var following = new Attached(typist);
        foreach (var key in keys[1000..])
            await typist.TypeAsync(new[] { key });

        await ada.WaitForAsync(Convert.ToHexStringLower(SHA256.HashData(keys)));
    }

    [ProgramFact]
    public async Task Commands_do_not_wait_for_a_program_that_does_not_read()
    {
        await using var ada = _server.Attach(_id);
        await ada.WaitForAsync("ready>");
        await ada.TypeAsync("stty raw -echo; printf 'it is \\x64eaf'; sleep 600\r");
        await ada.WaitForAsync("it is deaf");

        using var socket = await GreetedAsync();
        await socket.TypeAsync(1, new byte[100_000]);
        await socket.SendAsync(new { type = "command", id = "one", name = "rename", parameters = new { title = "x" } });

        (await socket.ReceiveAsync("reply", "typed")).GetProperty("type").GetString().ShouldBe("reply");
    }

    [ProgramFact]
    public async Task A_request_with_a_key_types_once()
    {
        await using var ada = _server.Attach(_id);
        await ada.WaitForAsync("ready>");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/agent/{_id}/input");
            request.Content = new ByteArrayContent("echo once; "u8.ToArray());
            request.Headers.Add("Idempotency-Key", "the same");
            using var answer = await _server.Serve.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        await ada.TypeAsync("echo and no more\r");
        (await ada.WaitForAsync("\nonce\nand no more\n")).ShouldNotContain("once\nonce");
    }

    [ProgramFact]
    public async Task Who_is_attached_hears_that_the_session_is_gone()
    {
        using var socket = await GreetedAsync();

        await _server.Client.RemoveAsync("agent", _id);

        await socket.ReceiveAsync("gone");
        (await socket.ReceiveGoodbyeAsync()).ShouldBe(1000);
    }

    [ProgramTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_attached_or_about_to_be_is_told_to_come_back_when_the_server_stops(bool saysHello)
    {
        using var socket = saysHello ? await GreetedAsync() : new AttachSocket();
        if (!saysHello)
            (await socket.TryConnectAsync(_server.Serve.Url, _id, ("Authorization", $"Bearer {Key}"))).ShouldBeTrue();
        var goodbye = socket.ReceiveGoodbyeAsync();

        await _server.StopAsync();

        (await goodbye).ShouldBe(1012);
        await _server.StartAgainAsync();
    }

    [ProgramFact]
    public async Task A_command_that_cannot_be_is_answered_and_the_connection_goes_on()
    {
        using var socket = await GreetedAsync();
        foreach (var id in (string[])["", "\n", "ä", new string('x', 129), new string('x', 5000)])
        {
            var reply = await socket.CommandAsync(id, "rename", new { title = "x" });
            reply.GetProperty("id").GetString().ShouldBe(id);
            reply.GetProperty("problem").GetProperty("status").GetInt32().ShouldBe(400);
        }

        await socket.SendTextAsync(
            """{"type":"command","id":"half","name":"rename","parameters":{"title":"\ud800"}}""");
        (await socket.ReceiveAsync("reply")).TryGetProperty("problem", out _).ShouldBeTrue();
        var last = await socket.CommandAsync(new string('x', 128), "rename", new { title = "x" });
        last.TryGetProperty("problem", out _).ShouldBeFalse();
    }

    [ProgramTheory]
    [InlineData("nothing")]
    [InlineData("[]")]
    [InlineData("""{"type":"command","id":"\ud800","name":"stop"}""")]
    public async Task What_is_no_frame_ends_the_connection_with_a_reason(string frame)
    {
        using var socket = await GreetedAsync();
        await socket.SendTextAsync(frame);
        (await socket.ReceiveGoodbyeAsync()).ShouldBe(1007);
    }

    [ProgramFact]
    public async Task A_frame_has_at_most_as_many_keys_as_a_request()
    {
        using var socket = await GreetedAsync();
        await socket.TypeAsync(1, new byte[(1 << 20) + 1]);
        (await socket.ReceiveGoodbyeAsync()).ShouldBe(1009);
    }

    [ProgramFact]
    public async Task A_new_program_begins_on_an_empty_screen_for_all_who_look_or_come_back()
    {
        await using var ada = _server.Attach(_id);
        await ada.WaitForAsync("ready>");
        await ada.TypeAsync("printf '\\e[?1049hit is le\\x66t'; exit\r");
        await ada.WaitForAsync("it is left");
        var ended = await _server.WaitForAsync(_id, "ended");
        using var back = new AttachSocket();
        (await back.TryConnectAsync(_server.Serve.Url, _id, ("Authorization", $"Bearer {Key}"))).ShouldBeTrue();
        var (after, output) = (ada.Events[^1].Offset, ended.GetProperty("outputEntries").GetInt64());

        await _server.Client.SendAsync("agent", _id, "resume");
        await _server.WaitForAsync(_id, "idle");

        await ada.TypeAsync("echo anew\r");
        (await ada.WaitForAsync("\nanew\n")).ShouldNotContain("it is left");
        ada.Screens.ShouldBe(2);
        await back.SendAsync(new { type = "hello", client = "back", events = after, output });
        (await back.ReceiveAsync("screen")).GetProperty("output").GetInt64().ShouldBeGreaterThan(output);
    }

    private Task<AttachSocket> GreetedAsync(string? client = "raw") =>
        AttachSocket.GreetedAsync(_server.Serve.Url, Key, _id, client);
}
