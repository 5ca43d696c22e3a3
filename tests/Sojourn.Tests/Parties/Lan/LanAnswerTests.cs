using System.Net;
using System.Net.Sockets;
using Sojourn.Mesh.Lan;
using Sojourn.Parties;
using Sojourn.Server.Parties;
using Sojourn.Tests.Parties.Server;

namespace Sojourn.Tests.Parties.Lan;

/// <summary>What a server answers to those who look for a party in the local network.</summary>
public sealed class LanAnswerTests : IAsyncLifetime
{
    private readonly int _port = FreePort();
    private PartyUnderTest _party = null!;

    public async Task InitializeAsync() => _party = await StartAsync(_port);

    public async Task DisposeAsync() => await _party.DisposeAsync();

    [Fact]
    public async Task A_party_is_found_by_what_its_invitation_begins_with()
    {
        var found = await FindAsync(_port, Handle);

        found.ShouldBe(new LanParty(_party.Server.Url, "Friday"));
    }

    [Fact]
    public async Task A_party_that_is_locked_is_found_by_those_who_come_back()
    {
        await _party.Server.SendAsync(
            "POST", $"/v1/party/{_party.Id}/settle", """{"by":"","locked":true}""");

        (await FindAsync(_port, Handle)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_a_party_that_is_over_and_of_one_that_is_not_here_nothing_is_told()
    {
        using var socket = Open();
        await AskAsync(socket, LanFormat.WriteQuery(1, "00000000"));
        await NothingBeforeAsync(socket, 2);

        var ended = await _party.Server.SendAsync("POST", $"/v1/party/{_party.Id}/end-party", """{"by":""}""");
        ended.Number.ShouldBe(200, ended.Text);
        var other = await PartyUnderTest.MakeAsync(_party.Server, "saturday", """{"name":"Saturday"}""");
        await AskAsync(socket, LanFormat.WriteQuery(3, Handle));
        await NothingBeforeAsync(socket, 4, other.Invitation[..LanFormat.HandleLength], "Saturday");
    }

    [Fact]
    public async Task What_is_shorter_or_longer_than_a_query_or_rubbish_is_not_answered()
    {
        var query = LanFormat.WriteQuery(1, Handle);
        using var socket = Open();
        await AskAsync(socket, []);
        await AskAsync(socket, query[..^1]);
        await AskAsync(socket, [.. query, 0]);
        await AskAsync(socket, [.. query, .. new byte[20_000]]);
        await AskAsync(socket, LanFormat.WriteAnswer(1, 7707, new string('€', 64)));
        await AskAsync(socket, new byte[LanFormat.QueryLength]);

        await NothingBeforeAsync(socket, 2);
    }

    [Fact]
    public async Task One_address_gets_no_more_than_twenty_answers_a_second()
    {
        var clock = _party.Server.Services.GetService(typeof(TimeProvider)) as TimeProvider;
        using var socket = Open();
        var before = clock!.GetUtcNow().ToUnixTimeSeconds();
        for (var i = 0; i < 200; i++)
            await AskAsync(socket, LanFormat.WriteQuery((ulong)i, Handle));
        var answers = new List<ulong>();
        // Those that were refused are followed by one that is not, once a second has gone by.
        while (answers.Count == 0 || answers[^1] < 1000)
        {
            if (socket.Available == 0)
                await AskAsync(socket, LanFormat.WriteQuery(1000, Handle));
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            if (await TryReceiveAsync(socket, soon.Token) is { } answer)
                answers.Add(answer.Nonce);
        }

        var seconds = clock.GetUtcNow().ToUnixTimeSeconds() - before + 1;
        ((long)answers.Count).ShouldBeLessThanOrEqualTo(seconds * LanAnswer.AnswersPerSecond);
        answers.Count(nonce => nonce < 200).ShouldBeGreaterThanOrEqualTo(LanAnswer.AnswersPerSecond);
    }

    [Fact]
    public async Task A_server_that_was_not_told_to_answers_nobody()
    {
        var port = FreePort();
        await using var silent = await PartyUnderTest.StartAsync(
            configure: options => options.Parties.LanPort = port);

        (await FindAsync(port, silent.Invitation[..LanFormat.HandleLength])).ShouldBeNull();
    }

    [Fact]
    public async Task Two_servers_on_one_machine_begin_both_and_a_port_that_another_program_has_is_no_failure()
    {
        await using var second = await StartAsync(_port);
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.ExclusiveAddressUse = true;
        taken.Bind(new IPEndPoint(IPAddress.Any, 0));

        await using var third = await StartAsync(((IPEndPoint)taken.LocalEndPoint!).Port);

        (await third.AskToJoinAsync("Ann")).Number.ShouldBe(201);
    }

    [Fact]
    public void A_port_that_is_none_is_refused_at_the_start()
    {
        new PartyServerOptions { LanPort = 0 }.Faults().ShouldHaveSingleItem().ShouldContain("LanPort");
        new PartyServerOptions { LanPort = 65536 }.Faults().ShouldHaveSingleItem().ShouldContain("LanPort");
    }

    private string Handle => _party.Invitation[..LanFormat.HandleLength];

    private static Task<PartyUnderTest> StartAsync(int port) => PartyUnderTest.StartAsync(configure: options =>
    {
        options.Parties.AnswersLan = true;
        options.Parties.LanPort = port;
    });

    private static Task<LanParty?> FindAsync(int port, string handle) =>
        new LanFinder(TimeProvider.System) { Places = [new(IPAddress.Loopback, port)] }
            .FindAsync(handle, CancellationToken.None);

    private static int FreePort()
    {
        using var socket = Open();
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task AskAsync(Socket socket, byte[] bytes) =>
        await socket.SendToAsync(bytes, SocketFlags.None, new IPEndPoint(IPAddress.Loopback, _port));

    /// <summary>Datagrams of this machine keep their order: what comes after is answered first.</summary>
    private async Task NothingBeforeAsync(
        Socket socket, ulong nonce, string? handle = null, string name = "Friday")
    {
        await AskAsync(socket, LanFormat.WriteQuery(nonce, handle ?? Handle));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (await TryReceiveAsync(socket, patience.Token))
            .ShouldBe(new LanReply(nonce, _party.Server.Url.Port, name));
    }

    private static async Task<LanReply?> TryReceiveAsync(Socket socket, CancellationToken giveUp)
    {
        var bytes = new byte[1000];
        try
        {
            var length = await socket.ReceiveAsync(bytes.AsMemory(), giveUp);
            return LanFormat.ReadAnswer(bytes.AsSpan(0, length));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
