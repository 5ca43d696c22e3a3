using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sojourn.Client;
using Sojourn.Client.Parties;
using Sojourn.Parties;
using Sojourn.Relays;
using Sojourn.Server;
using Sojourn.Server.Parties;
using Sojourn.Server.Parties.Relays;
using Sojourn.Testing;
using Sojourn.Tests.Cli;
using Sojourn.Tests.Parties.Server;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Parties.Relays;

/// <summary>Relays that are not a server's own.</summary>
public sealed class RelayEndpointTests : IAsyncLifetime
{
    private static readonly RelayReport Good = new("198.51.100.7:7810", 10, 20_000, 1000, 1_000_000);

    /// <summary>Where there may be 64 free ones in a row: below those that are given to whoever asks for any.</summary>
    private static readonly int[] Ports = [.. Enumerable.Range(0, 100).Select(step => 20_000 + (step * 64))];

    private PartyUnderTest _party = null!;

    public async Task InitializeAsync() => _party = await PartyUnderTest.StartAsync();

    public async Task DisposeAsync() => await _party.DisposeAsync();

    [Fact]
    public async Task One_that_tells_of_itself_is_listed_and_members_are_told_of_it_at_once()
    {
        var ann = await _party.JoinAsync("Ann");
        var ben = await _party.JoinAsync("Ben");
        await using var socket = await ann.OpenAsync();
        await socket.NextAsync("network");
        await TellAsync("frankfurt", Good);
        var network = await socket.NextAsync("network");
        var relays = network.GetProperty("relays");
        relays.EnumerateArray().Select(each => each.GetProperty("name").GetString()).ShouldBe(["server", "frankfurt"]);
        relays[1].GetProperty("address").GetString().ShouldBe("198.51.100.7:7810");
        relays[1].GetProperty("isFull").GetBoolean().ShouldBeFalse();

        // The relay knows what the server wrote, and another's is nothing to it.
        var pass = Convert.FromBase64String(relays[1].GetProperty("tickets").GetProperty(ben.Member).GetString()!);
        var key = await KeyAsync("frankfurt");
        var ticket = RelayTicket.Read(pass.AsSpan(0, RelayTicket.Length), key).ShouldNotBeNull();
        ticket.To.ShouldBe(Convert.ToUInt64(ben.Member, 16));
        key = await KeyAsync("paris");
        RelayTicket.Read(pass.AsSpan(0, RelayTicket.Length), key).ShouldBeNull();

        var listed = (await _party.Server.SendAsync("GET", "/v1/party-relays"))["relays"];
        listed[0].GetProperty("name").GetString().ShouldBe("frankfurt");
        listed[0].GetProperty("report").GetProperty("bindings").GetInt32().ShouldBe(10);
    }

    [Fact]
    public async Task Nobody_is_a_relay_without_its_key_and_only_admins_are_told_that()
    {
        (await PutAsync("frankfurt", Good, null)).Number.ShouldBe(401);
        (await PutAsync("frankfurt", Good, ServerUnderTest.Key)).Number.ShouldBe(401);
        (await PutAsync("frankfurt", Good, RelayRegistry.TokenOf(await KeyAsync("paris")))).Number.ShouldBe(401);
        (await PutAsync("frankfurt", Good, Convert.ToHexStringLower(await KeyAsync("frankfurt")))).Number.ShouldBe(401);
        var made = await _party.Server.SendAsync("POST", "/v1/keys", """{"owner":"alice"}""");
        using var alice = _party.Server.Client(made["key"].GetString());
        foreach (var path in (string[])["/v1/party-relays", "/v1/party-relays/frankfurt/key"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            (await ServerUnderTest.SendAsync(alice, request)).Number.ShouldBe(403);
        }

        (await _party.Server.SendAsync("GET", "/v1/party-relays"))["relays"].GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("frankfurt", "198.51.100.7:65473", 422)]
    [InlineData("frankfurt", "198.51.100.7:0", 422)]
    [InlineData("frankfurt", "198.51.100.7", 422)]
    [InlineData("frankfurt", "a b:7810", 422)]
    [InlineData("frankfurt", "[::1]:7810", 422)]
    [InlineData("frankfurt", "", 422)]
    [InlineData("frankfurt", "relay.example.org:65472", 204)]
    [InlineData("frankfurt", ":7810", 422)]
    [InlineData("server", "198.51.100.7:7810", 400)]
    [InlineData("Frankfurt", "198.51.100.7:7810", 400)]
    [InlineData("frankfurt-0123456789-0123456789-01", "198.51.100.7:7810", 400)]
    public async Task A_name_or_an_address_that_is_none_is_refused(string name, string address, int status)
    {
        var key = RelayRegistry.IsName(name) ? await KeyAsync(name) : [];
        var told = await PutAsync(name, Good with { Address = address }, RelayRegistry.TokenOf(key));
        told.Number.ShouldBe(status, told.Text);
        if (status == 204)
        {
            (await _party.Server.SendAsync("GET", "/v1/party-relays"))["relays"][0].GetProperty("report")
                .GetProperty("address").GetString().ShouldBe(address);
        }
    }

    [Fact]
    public async Task Eight_may_be_and_a_ninth_is_refused_but_those_who_are_full_are_told_so()
    {
        for (var number = 1; number <= RelayRegistry.Most; number++)
            await TellAsync($"r{number}", Good with { Bindings = number > 1 ? 18_001 : 18_000 });
        (await PutAsync("r9", Good, RelayRegistry.TokenOf(await KeyAsync("r9"))))
            .ShouldBeProblem(429, "full").Detail!.ShouldContain("8 relays");
        var ann = await _party.JoinAsync("Ann");
        (await ann.AskAsync("GET", "/network"))["relays"].EnumerateArray()
            .Select(each => each.GetProperty("isFull").GetBoolean())
            .ShouldBe([false, false, .. Enumerable.Repeat(true, 7)]);

        // It has room again only once there is some, and not at the next moment.
        await TellAsync("r2", Good with { Bindings = 16_001 });
        (await IsFullAsync("r2")).ShouldBeTrue();
        await TellAsync("r2", Good with { Bindings = 16_000 });
        (await IsFullAsync("r2")).ShouldBeFalse();
    }

    [Fact]
    public void One_is_there_for_35_seconds_after_it_last_told_of_itself_and_makes_room_then()
    {
        var clock = new ManualClock();
        var relays = new RelayRegistry(new SeatSecrets(new SojournServerOptions()), new PartyFeed(null!), clock);
        for (var number = 1; number <= RelayRegistry.Most; number++)
            relays.Take($"r{number}", Good).ShouldBeTrue();
        clock.Advance(RelayRegistry.SilentFor);
        relays.All().Count.ShouldBe(RelayRegistry.Most);
        relays.Take("r9", Good).ShouldBeFalse();
        var revision = relays.Revision;
        clock.Advance(TimeSpan.FromTicks(1));
        relays.All().ShouldBeEmpty();
        relays.Take("r9", Good).ShouldBeTrue();
        (relays.All().Single().Name, relays.Revision).ShouldBe(("r9", revision + 1));
    }

    [Fact]
    public async Task A_program_of_its_own_passes_on_and_tells_how_much()
    {
        var (key, clock) = (await KeyAsync("here"), new ManualClock());
        var (relay, options) = OpenAnywhere(key, clock);
        await using var closing = relay;
        using var anns = Open();
        using var bens = Open();
        await BindAsync(anns, (1, 2, 1), (options.Port, key));
        (await BindAsync(bens, (2, 1, 0), (options.Port, key))).ShouldBe((true, TimeSpan.FromMilliseconds(1.5)));
        byte[] packet = [4, 0, 0, 0, .. new byte[60]];
        await anns.SendToAsync(packet, new IPEndPoint(IPAddress.Loopback, options.Port + 1));
        (await ReceiveAsync(bens)).ShouldBe(packet);
        clock.Advance(TimeSpan.FromSeconds(2));
        relay.Tell(":7810").ShouldBe(new RelayReport(":7810", 2, 20_000, 32, 125_000_000));

        Should.Throw<SojournException>(() => PartyRelay.Open(options, clock)).Message.ShouldContain("Choose others");
        Should.Throw<SojournException>(() => PartyRelay.Open(
            new PartyRelayOptions { Key = new byte[31], Port = 65473, OwnerBytesPerDay = 999_999 }, clock))
            .Message.ShouldBe("The relay's options cannot be used: Key must have 32 bytes. "
                + "Port must be 1 to 65,472; it is 65,473. "
                + "OwnerBytesPerDay must be at least 1,000,000; it is 999,999.");
    }

    [Fact]
    public async Task The_verbs_tell_its_key_and_refuse_one_that_is_none()
    {
        var told = await CliRun.OfAsync(
            _party.Server.Url, "party", "relay-key", "frankfurt", "--key", ServerUnderTest.Key);
        told.ExitCode.ShouldBe(0, told.Error);
        Convert.FromBase64String(told.Out.Trim()).ShouldBe(await KeyAsync("frankfurt"));
        told.Error.ShouldContain("Keep it secret");

        using var scratch = new ScratchDirectory();
        var file = Path.Combine(scratch.Path, "key");
        (await CliRun.OfAsync(_party.Server.Url, "party", "relay", "frankfurt", "--key-file", file))
            .Error.ShouldContain("key");
        await File.WriteAllTextAsync(file, "nonsense");
        (await CliRun.OfAsync(_party.Server.Url, "party", "relay", "frankfurt", "--key-file", file))
            .Error.ShouldContain("holds no key");
        // That of another relay: said at once, and not for ever.
        await File.WriteAllTextAsync(file, Convert.ToBase64String(await KeyAsync("paris")));
        CliRun? refused = null;
        foreach (var port in Ports.TakeWhile(_ => refused?.Error.Contains("Choose others") != false))
        {
            refused = await CliRun.OfAsync(
                _party.Server.Url, "party", "relay", "frankfurt", "--key-file", file, "--listen", "127.0.0.1",
                "--port", $"{port}");
        }

        refused!.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("not the key of a relay 'frankfurt'");
    }

    private async Task<byte[]> KeyAsync(string name)
    {
        var told = await _party.Server.SendAsync("GET", $"/v1/party-relays/{name}/key");
        told.Number.ShouldBe(200, told.Text);
        return Convert.FromBase64String(told["key"].GetString()!);
    }

    private async Task<bool> IsFullAsync(string name) =>
        (await _party.Server.SendAsync("GET", "/v1/party-relays"))["relays"].EnumerateArray()
            .Single(each => each.GetProperty("name").GetString() == name).GetProperty("isFull").GetBoolean();

    private async Task TellAsync(string name, RelayReport report)
    {
        using var reports = new RelayReports(
            new SojournClientOptions { Url = _party.Server.Url }, name, await KeyAsync(name));
        await reports.TellAsync(report);
    }

    private async Task<Reply> PutAsync(string name, RelayReport report, string? token)
    {
        using var client = _party.Server.Client(token);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/party-relays/{name}")
        {
            Content = new StringContent(
                JsonSerializer.Serialize(report, JsonSerializerOptions.Web), Encoding.UTF8, "application/json"),
        };
        return await ServerUnderTest.SendAsync(client, request);
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static (PartyRelay Relay, PartyRelayOptions Options) OpenAnywhere(byte[] key, ManualClock clock)
    {
        foreach (var port in Ports)
        {
            try
            {
                var options = new PartyRelayOptions { Key = key, Address = IPAddress.Loopback, Port = port };
                return (PartyRelay.Open(options, clock), options);
            }
            catch (SojournException)
            {
                // Somebody has one of them.
            }
        }

        throw new InvalidOperationException("There are no 64 free ports in a row.");
    }

    private static async Task<(bool IsOtherBound, TimeSpan? OtherRoundTrip)> BindAsync(
        Socket socket, (ulong From, ulong To, int Slot) pair, (int Port, byte[] Key) relay)
    {
        var ticket = new RelayTicket(
            DateTimeOffset.UtcNow.AddYears(100), 7, 8, pair.From, pair.To, pair.Slot).Write(relay.Key);
        var bind = RelayFormat.WriteBind(
            ticket, RelayTicket.KeyOf(ticket, relay.Key), 1, TimeSpan.FromMilliseconds(1.5));
        await socket.SendToAsync(bind, new IPEndPoint(IPAddress.Loopback, relay.Port + pair.Slot));
        var answer = RelayFormat.ReadAnswer(await ReceiveAsync(socket)).ShouldNotBeNull();
        return (answer.IsOtherBound, answer.OtherRoundTrip);
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        var bytes = new byte[2048];
        return bytes[..await socket.ReceiveAsync(bytes.AsMemory(), patience.Token)];
    }
}
