using System.Text.Json;
using System.Text.Json.Serialization;
using Sojourn.Mesh;
using Sojourn.NatLab;
using Sojourn.Parties;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>A member of a party in a laboratory.</summary>
/// <param name="host">Its machine.</param>
/// <param name="home">Where its key and settings are.</param>
/// <param name="words">What it is begun with, beside its name and home.</param>
internal sealed class LabMember(LabHost host, string home, params string[] words) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private SojournProcess? _process;

    public LabHost Host => host;

    public string Name => host.Name;

    /// <summary>As it last said.</summary>
    public PartyNodeView Now { get; private set; } = null!;

    /// <summary>What it has said before it was a member, since it was last begun.</summary>
    public JsonElement Before { get; private set; }

    /// <summary>Joins, or joins again.</summary>
    public void Begin()
    {
        // What it said before it was killed is not what it says now.
        Now = null!;
        _process = SojournProcess.StartIn(
            host.Machine.Entering(), [.. words, "--name", Name, "--home", home, "--json"]);
    }

    /// <summary>Completes once it says that it is so.</summary>
    public async Task<PartyNodeView> WaitAsync(Func<PartyNodeView, bool> isSo, string what)
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        try
        {
            while (Now is null || !isSo(Now))
            {
                var line = await _process!.ReadLineAsync(patience.Token)
                    ?? throw new InvalidOperationException($"{Name} ended before {what}: {_process.Error}");
                line.ShouldNotContain("\"ended\"", customMessage: $"{Name}, before {what}");
                if (line.Contains("\"party\":{", StringComparison.Ordinal))
                    Now = JsonSerializer.Deserialize<PartyNodeView>(line, Json)!;
                else
                    Before = JsonSerializer.Deserialize<JsonElement>(line);
            }

            return Now;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException(
                $"{Name} waited too long until {what}; it is: {Tell()} {_process!.Error}", late);
        }
    }

    /// <summary>How it reaches another.</summary>
    public PathVia ViaTo(LabMember other) => PathTo(Now, other)?.Via ?? PathVia.None;

    /// <summary>Completes once it reaches another so.</summary>
    public Task WaitAsync(LabMember other, PathVia via) =>
        WaitAsync(now => PathTo(now, other)?.Via == via, $"it reaches {other.Name} so: {via}");

    /// <summary>How many of so many pings, one every 0.2 s, come back through the party's network, be they late.
    /// </summary>
    public async Task<string> PingAsync(LabMember other, int count = 1)
    {
        using var ping = host.Machine.Start(
            "ping", "-n", "-c", PartyLab.Text($"{count}"), "-i", "0.2", "-W", "30", other.Now.Address);
        return await ping.StandardOutput.ReadToEndAsync();
    }

    /// <summary>How long the first of such pings took, in ms.</summary>
    public static double TimeOf(string pings) => double.Parse(
        pings.Split("time=", 2)[1].Split(' ', 2)[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How many of such pings were answered.</summary>
    public static int AnswersOf(string pings) => pings.Split("bytes from").Length - 1;

    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await _process!.SignalAsync("INT");
        return await _process.ExitAsync();
    }

    /// <summary>Changes a setting, for the next time that it joins.</summary>
    public async Task SetAsync(string setting, string value)
    {
        await using var settings = SojournProcess.StartIn(
            host.Machine.Entering(), "party", "settings", setting, value, "--home", home);
        await settings.ExitAsync();
    }

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Completes with its exit code, once it has ended by itself.</summary>
    public Task<int> ExitAsync() => _process!.ExitAsync();

    /// <summary>What it has complained of.</summary>
    public string Error => _process!.Error;

    /// <summary>Completes once its interface is gone too; the operating system tells of that.</summary>
    public async Task WaitUntilGoneAsync()
    {
        using var watch = host.Machine.Start("ip", "monitor", "link");
        try
        {
            while ((await host.Machine.RunAsync("ip", "-br", "link")).Contains("sojourn0", StringComparison.Ordinal))
                await watch.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            watch.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    public string Tell() => Now is null ? "nothing" : string.Join(", ", Now.Paths.Select(path =>
        $"{Now.Party.Members.FirstOrDefault(each => each.Id == path.To)?.Name}: {path.Via}"));

    private static PathReport? PathTo(PartyNodeView now, LabMember other) =>
        now.Party.Members.FirstOrDefault(each => each.Name == other.Name) is { } member
            ? now.Paths.FirstOrDefault(path => path.To == member.Id) : null;
}
