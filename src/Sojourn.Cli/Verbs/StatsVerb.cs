using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

internal static class StatsVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var owner = Arguments.Owner("With an admin key, only this owner's [everybody's]");
        var watch = new Option<bool>("--watch") { Description = "Show them anew every two seconds, until Ctrl-C" };
        var verb = new Verb(
            "stats", "Shows what there is and what happens; with an admin key, for everybody.",
            "sojourn stats", "sojourn stats --watch") { owner, watch };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var whose = call.Parse.GetValue(owner);
            if (call.Parse.GetValue(watch))
                await WatchAsync(call, whose, stop);
            else if (await call.Client.StatisticsAsync(whose, stop) is var found && call.Json)
                call.Document(found);
            else
                call.Draw(Picture(found));
            return ExitCodes.Done;
        }
    }

    private static async Task WatchAsync(Call call, string? owner, CancellationToken stop)
    {
        using var beats = new PeriodicTimer(TimeSpan.FromSeconds(2), call.Terminal.Clock);
        if (call.Json || !call.Terminal.IsScreen)
        {
            do
                ShowAgain(call, await call.Client.StatisticsAsync(owner, stop));
            while (await beats.WaitForNextTickAsync(stop));
            return;
        }

        await call.Console.Live(new Text("")).StartAsync(async screen =>
        {
            do
                screen.UpdateTarget(Picture(await call.Client.StatisticsAsync(owner, stop)));
            while (await beats.WaitForNextTickAsync(stop));
        });
    }

    private static void ShowAgain(Call call, ServerStatistics found)
    {
        if (call.Json)
            call.JsonLine(found);
        else
            call.Draw(Picture(found));
        call.Terminal.Out.Flush();
    }

    private static Rows Picture(ServerStatistics found)
    {
        var table = SessionTables.Plain(
            "KIND", "SESSIONS", "BY STATUS", "BYTES", "STUCK", "FULL", "COMMANDS", "FAILED");
        foreach (var kind in found.Kinds)
        {
            table.AddRow(
                SessionTables.Cell(kind.Kind),
                SessionTables.Cell(Number(kind.Sessions)),
                SessionTables.Cell(string.Join(", ", kind.ByStatus.Where(status => status.Value > 0)
                    .Select(status => $"{status.Key} {Number(status.Value)}"))),
                SessionTables.Cell(Number(kind.Bytes)),
                SessionTables.Cell(Number(kind.Stuck)),
                SessionTables.Cell(kind.Usage?.ToString("P0", CultureInfo.InvariantCulture)
                    + (kind.Level == "healthy" ? "" : $" {kind.Level}")),
                SessionTables.Cell(Number(kind.Activity?.GetValueOrDefault("commands"))),
                SessionTables.Cell(Number(kind.Activity?.GetValueOrDefault("failed"))));
        }

        var lines = $"Up for {SessionTables.Span(found.At - found.StartedAt)}.";
        if (found.Store is { } store)
        {
            lines += $" Store: {Number(store.Commits)} commits, the last one {store.LastCommitSeconds * 1000:0.0} ms; "
                + $"{Number(store.PendingSteps)} steps wait{(store.Failing ? "; it fails" : "")}.";
        }

        if (found.Use is { } use)
        {
            lines += $" All kinds: {Of(use.Sessions, use.MaxSessions)} sessions, {Of(use.Bytes, use.MaxBytes)} bytes, "
                + $"{Of(use.Streams, use.MaxStreams)} followed; {Number(use.PendingSteps)} steps wait.";
        }

        return new Rows(table, SessionTables.Cell(lines));
    }

    private static string Of(long count, long? most) =>
        most is null ? Number(count) : $"{Number(count)} of {Number(most)}";

    private static string Number(long? count) => count?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
}
