using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Parties;
using Sojourn.Mesh;
using Sojourn.Mesh.Keys;
using Sojourn.Relays;
using Sojourn.Tests.Parties.Server;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Parties.Attacks;

/// <summary>What is nobody else's to know stays where it is.</summary>
public sealed class SecrecyTests
{
    private const string Password = "open-sesame-4711", Signal = "psst-4711";

    private static readonly Action<SojournBuilder> Parties = kinds => kinds.AddParties();

    [Fact]
    public async Task No_invitation_secret_key_of_a_pair_ticket_or_password_is_ever_logged()
    {
        using var log = new Notebook();
        await using var server = await ServerUnderTest.StartAsync(also: Parties + (kinds => kinds.Services
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log))));
        var party = await PartyUnderTest.MakeAsync(
            server, "friday", JsonSerializer.Serialize(new { name = "Friday", password = Password }));
        var (ann, ben) = (await JoinAsync("Ann"), await JoinAsync("Ben"));
        (await party.AskToJoinAsync("Cid", password: Password + "x")).Number.ShouldBe(403);
        (await ann.AskAsync("GET", with: PartyUnderTest.SecretOf("Cid"))).Number.ShouldBe(401);
        (await ann.SendAsync("report", new { nat = new { kind = "fullCone" } })).Number.ShouldBe(200);
        (await ann.SendAsync("send-signal", new { to = ben.Member, sequence = 1, data = Signal })).Number.ShouldBe(200);
        var network = (await ann.AskAsync("GET", "/network")).Json;
        var ticket = network.GetProperty("relays")[0].GetProperty("tickets").GetProperty(ben.Member).GetString()!;
        await BindAsync(ann, ticket);
        var invited = (await ann.SendAsync("invite", new { password = Password + "2" }))["reply"];
        foreach (var seat in (SeatUnderTest[])[ben, ann])
            (await seat.SendAsync("leave")).Number.ShouldBe(200);
        await server.StopAsync();

        string[] secrets =
        [
            ServerUnderTest.Key, Password, Signal, party.Invitation[8..], ticket[..40], Hex(ticket)[..40],
            invited.GetProperty("invitation").GetString()![8..],
            network.GetProperty("pairKeys").GetProperty(ben.Member).GetString()!,
            .. new[] { "Ann", "Ben", "Cid" }.Select(PartyUnderTest.SecretOf), "pbkdf2-sha256",
        ];
        // The web server tells at this level of each request, and of what became of it.
        log.Lines.Count.ShouldBeGreaterThan(50);
        log.Lines.ShouldContain(line => line.Contains($"/{ann.Member}/leave", StringComparison.Ordinal));
        foreach (var secret in secrets)
            log.Lines.Where(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();

        async Task<SeatUnderTest> JoinAsync(string name)
        {
            var joined = await party.AskToJoinAsync(name, password: Password);
            joined.Number.ShouldBe(201, joined.Text);
            return new SeatUnderTest(server, joined["seat"].GetString()!, PartyUnderTest.SecretOf(name));
        }
    }

    [Fact]
    public async Task A_machine_that_joins_sends_its_public_key_and_never_its_private_one()
    {
        using var said = new Notebook();
        await using var server = await ServerUnderTest.StartAsync(
            also: Parties + (kinds => kinds.Services.AddSingleton<IStartupFilter>(new Listener(said))));
        var party = await PartyUnderTest.MakeAsync(server, "friday", """{"name":"Friday"}""");
        var key = WireGuardKey.New();
        var options = new PartyNodeOptions
        {
            Url = server.Url,
            Invitation = party.Invitation,
            Name = "Ann",
            Key = key,
            UsesTunnel = false,
            PortMapping = false,
        };
        await using (var node = await PartyNode.JoinAsync(options))
        {
            var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            node.Changed += (_, _) => heard.TrySetResult();
            using var stop = new CancellationTokenSource();
            var running = node.RunAsync(stop.Token);
            await party.JoinAsync("Ben");
            await heard.Task.WaitAsync(ServerUnderTest.Patience);
            await stop.CancelAsync();
            await running;
            await node.LeaveAsync();
        }

        var kept = (await server.SendAsync("GET", "/v1/party/friday/events?from=0")).Text;
        said.Lines.ShouldContain(line => line.Contains(key.PublicKey, StringComparison.Ordinal));
        said.Lines.ShouldContain(line => line.Contains("/live", StringComparison.Ordinal));
        said.Lines.ShouldContain(line => line.Contains("/leave", StringComparison.Ordinal));
        var text = key.ToSecretText();
        string[] spellings =
        [
            text, text.TrimEnd('='), text.Replace('+', '-').Replace('/', '_').TrimEnd('='), Uri.EscapeDataString(text),
            key.ToHex(), Convert.ToHexString(Convert.FromHexString(key.ToHex())[..16]),
        ];
        foreach (var spelling in spellings)
        {
            said.Lines.ShouldNotContain(line => line.Contains(spelling, StringComparison.OrdinalIgnoreCase));
            kept.ShouldNotContain(spelling, Case.Insensitive);
        }
    }

    private static async Task BindAsync(SeatUnderTest seat, string ticket)
    {
        using var relay = await seat.OpenRelayAsync();
        var bytes = Convert.FromBase64String(ticket);
        var (opens, key) = (bytes[..RelayTicket.Length], bytes[RelayTicket.Length..]);
        await relay.SendAsync(
            (byte[])[opens[1], .. RelayFormat.WriteBind(opens, key, 1)], WebSocketMessageType.Binary, true,
            CancellationToken.None);
        using var late = new CancellationTokenSource(ServerUnderTest.Patience);
        var answer = new byte[2048];
        var length = (await relay.ReceiveAsync(answer.AsMemory(), late.Token)).Count;
        RelayFormat.ReadAnswer(answer.AsSpan(1, length - 1))!.Refusal.ShouldBe(RelayRefusal.None);
    }

    private static string Hex(string ticket) => Convert.ToHexString(Convert.FromBase64String(ticket));

    /// <summary>Writes down what is logged, and in which scopes.</summary>
    private sealed class Notebook : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Pen(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Pen(Notebook book, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => book._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                var line = new StringBuilder(name).Append(' ').Append(formatter(state, exception)).Append(exception);
                foreach (var (field, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
                    line.Append(CultureInfo.InvariantCulture, $" {field}={value}");
                book._scopes.ForEachScope((scope, text) => text.Append(' ').Append(scope), line);
                book.Lines.Enqueue(line.ToString());
            }
        }
    }

    /// <summary>Writes down what clients say: the lines of each request's head, and its body.</summary>
    private sealed class Listener(Notebook book) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, go) =>
            {
                context.Request.EnableBuffering();
                using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
                var body = await reader.ReadToEndAsync();
                context.Request.Body.Position = 0;
                var head = string.Join('\n', context.Request.Headers.Select(each => $"{each.Key}: {each.Value}"));
                book.Lines.Enqueue($"{context.Request.Path}{context.Request.QueryString}\n{head}\n{body}");
                await go(context);
            });
            next(app);
        };
    }
}
