using System.Globalization;
using Sojourn.Mesh;
using Sojourn.Parties;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sojourn.Cli.Parties;

/// <summary>A party as it stands, on a screen again and again, elsewhere a line for each change.</summary>
internal sealed class PartyScreen(Call call, PartyNode node)
{
    private static readonly TimeSpan ShowEvery = TimeSpan.FromMilliseconds(100);

    private TaskCompletionSource _changed = New();

    /// <summary>What is said when its user ends it.</summary>
    public string Parting { get; init; } =
        "The network is down; the seat is kept for five minutes. Join again with the same words.";

    public async Task<int> RunAsync(CancellationToken stop)
    {
        node.Changed += (_, _) => Volatile.Read(ref _changed).TrySetResult();
        var running = node.RunAsync(stop);
        if (call.Json)
            await TellAsync(running, TellJson);
        else if (call.Terminal.IsScreen)
            await DrawAsync(running);
        else
            await TellAsync(running, TellChange);
        var gone = await running;
        if (call.Json)
        {
            call.JsonLine(new { ended = gone ?? "stopped" });
            return gone is null ? ExitCodes.Detached : ExitCodes.Done;
        }

        if (gone is null)
        {
            call.Say(Parting);
            return ExitCodes.Detached;
        }

        call.Say(Farewell(gone));
        return ExitCodes.Done;
    }

    /// <summary>Why there is no seat any more.</summary>
    public static string Farewell(string? gone) => gone == "over" ? "The party is over."
        : "You have no seat there any more: it was given up, taken away by the host, or you were silent for too long.";

    private Task DrawAsync(Task running) => call.Console.Live(new Text("")).AutoClear(false).StartAsync(async screen =>
    {
        await FollowAsync(running, () =>
        {
            screen.UpdateTarget(PartyTable.Of(node.Now));
            screen.Refresh();
        });
    });

    private async Task TellAsync(Task running, Action<PartyNodeView, PartyNodeView?> tell)
    {
        PartyNodeView? before = null;
        await FollowAsync(running, () =>
        {
            var now = node.Now;
            tell(now, before);
            before = now;
        });
    }

    private void TellJson(PartyNodeView now, PartyNodeView? before)
    {
        if (now != before)
            call.JsonLine(now);
    }

    private void TellChange(PartyNodeView now, PartyNodeView? before)
    {
        if (before is null)
            call.Say($"You are {now.Address} in {now.Party.Name}, through {now.Interface ?? "no tunnel"}.");
        if (before is null && now.Broadcasts is { } carried)
            call.Say($"Broadcasts of games are carried: UDP {carried.Ports}.");
        foreach (var path in now.Paths)
        {
            var old = before?.Paths.FirstOrDefault(each => each.To == path.To);
            if (old?.Via != path.Via)
                call.Say($"{PartyTable.NameOf(now, path.To)}: {PartyTable.Words(path)}");
        }

        foreach (var gone in before?.Party.Members.Where(each => now.Party.Members.All(m => m.Id != each.Id)) ?? [])
            call.Say($"{gone.Name} has left.");
        if (now.ServerLost != before?.ServerLost)
            call.Say(now.ServerLost is { } why ? PartyTable.Lost(why) : "The server is back.");
    }

    private async Task FollowAsync(Task running, Action show)
    {
        while (true)
        {
            var next = _changed = New();
            show();
            await Task.WhenAny(running, next.Task);
            if (running.IsCompleted)
                return;
            // More often than that nobody reads it.
            await Task.WhenAny(running, Task.Delay(ShowEvery, call.Terminal.Clock));
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A party as a table.</summary>
internal static class PartyTable
{
    public static IRenderable Of(PartyNodeView now)
    {
        var table = SessionTables.Plain("MEMBER", "ADDRESS", "PATH", "LATENCY", "LOSS", "NAT");
        foreach (var member in now.Party.Members)
        {
            var path = now.Paths.FirstOrDefault(each => each.To == member.Id);
            var isSelf = member.Id == now.Member;
            table.AddRow(
                SessionTables.Cell(member.Name + (member.Id == now.Party.Host ? " (host)" : "")),
                SessionTables.Cell(member.Address),
                SessionTables.Cell(isSelf ? "you" : Words(path)),
                SessionTables.Cell(path?.LatencyMs is { } ms ? Text($"{ms:0.0} ms") : ""),
                SessionTables.Cell(path is null ? "" : Text($"{path.LossPercent:0} %")),
                SessionTables.Cell((isSelf ? now.Nat ?? member.Nat : member.Nat).Kind is var kind
                    && kind != NatKind.Unknown ? NameOf(kind) : ""));
        }

        return new Rows(
            new Text(PlainText.Line($"{now.Party.Name}  {now.Party.Subnet}  {now.Interface}")),
            table,
            new Text(now.Broadcasts is { } carried ? Words(carried) : ""),
            new Text(PlainText.Line(now.ServerLost is { } why ? Lost(why) : "")));
    }

    public static string Lost(string why) => $"The server is not reached: {why}. The network stays.";

    public static string NameOf(PartyNodeView now, string id) =>
        now.Party.Members.FirstOrDefault(each => each.Id == id)?.Name ?? id;

    public static string NameOf(NatKind kind) => kind switch
    {
        NatKind.FullCone => "full cone",
        NatKind.RestrictedCone => "restricted cone",
        NatKind.PortRestrictedCone => "port-restricted cone",
        NatKind.Blocked => "no UDP",
        _ => kind.ToString().ToLowerInvariant(),
    };

    public static string Words(PathReport? path) => path?.Via switch
    {
        PathVia.Direct => "direct",
        PathVia.Relay => "relayed",
        PathVia.WebSocket => "relayed over a WebSocket",
        PathVia.Connecting => "connecting",
        _ => "no way",
    };

    private static string Words(BroadcastView now) =>
        Text($"Broadcasts of games: {now.Carried} carried, {now.OverLimit} over the limit, {now.TooLong} too long")
        + Text($"; UDP {now.Ports}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
