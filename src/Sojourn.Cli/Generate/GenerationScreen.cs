using System.Globalization;
using Spectre.Console;

namespace Sojourn.Cli.Generate;

using Sojourn.Client;

/// <summary>Watches a generation with a person, and tells how it ended.</summary>
internal static class GenerationScreen
{
    private static readonly TimeSpan CancelWithin = TimeSpan.FromSeconds(5);

    /// <summary>For <c>watch</c>: shows the run, takes nothing home.</summary>
    public static async Task<int> WatchAsync(Call call, Session session, CancellationToken stop)
    {
        var address = SessionAddress.Of(session);
        try
        {
            var end = await FollowAsync(call, session, stop);
            if (end is not RunEnd.Completed)
                return await TellAsync(call, address, end, stop);

            Draw(call, await call.Client.GetAsync(address.Kind, address.Id, stop));
            call.Say($"Take it home: {call.Hint($"download {address}")}");
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return TellDetached(call, address);
        }
    }

    /// <summary>For <c>generate</c>: shows the run and writes the storyboard.</summary>
    public static async Task<int> TakeHomeAsync(
        Call call, Session session, string file, bool cancelOnExit, CancellationToken stop)
    {
        var address = SessionAddress.Of(session);
        try
        {
            var end = await FollowAsync(call, session, stop);
            return end is RunEnd.Completed
                ? await DownloadAsync(call, address, file, stop)
                : await TellAsync(call, address, end, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return cancelOnExit ? await CancelAsync(call, address) : TellDetached(call, address);
        }
    }

    private static Task<RunEnd> FollowAsync(Call call, Session session, CancellationToken stop) =>
        ProgressView.ShowAsync(call, view =>
            new GenerationRun(call.Client, SessionAddress.Of(session), view).FollowAsync(session, stop));

    private static async Task<int> DownloadAsync(
        Call call, SessionAddress address, string file, CancellationToken stop)
    {
        long size;
        Session session;
        try
        {
            size = await StoryboardFile.DownloadAsync(call.Client, address, file, stop, call.Terminal.Clock);
            session = await call.Client.GetAsync(address.Kind, address.Id, stop);
        }
        catch (Exception exception) when (Failure.Of(exception) is { } failure)
        {
            (failure with { Hint = $"The storyboard is ready: {call.Hint($"download {address}")}" })
                .Tell(call.Terminal, call.Json);
            return failure.ExitCode;
        }

        if (call.Json)
        {
            call.Document(new { session, file, bytes = size });
            return ExitCodes.Done;
        }

        Draw(call, session);
        call.Say($"Wrote {file} ({StoryboardFile.Size(size)}).");
        return ExitCodes.Done;
    }

    private static void Draw(Call call, Session session)
    {
        var table = SessionTables.Plain("SCENE", "TITLE", "DESCRIPTION");
        foreach (var scene in Json.Items(session.State, "scenes"))
        {
            table.AddRow(
                SessionTables.Cell(Json.Number(scene, "number")?.ToString(CultureInfo.InvariantCulture)),
                SessionTables.Cell(Json.Text(scene, "title")),
                new Text(PlainText.Line(Json.Text(scene, "description"), 100)));
        }

        call.Draw(table);
        var took = SessionTables.Span(session.LastActivityAt - session.CreatedAt);
        var scenes = table.Rows.Count == 1 ? "1 scene" : $"{table.Rows.Count} scenes";
        call.Say($"{SessionAddress.Of(session)}: {session.Status}, {scenes} in {took}.");
        MadeWith.Tell(call, session);
    }

    private static async Task<int> TellAsync(Call call, SessionAddress address, RunEnd end, CancellationToken stop)
    {
        var failure = end switch
        {
            RunEnd.Failed failed => new Failure(
                ExitCodes.Failed, Failure.Local("generation-failed", "The generation failed", failed.Reason),
                $"Try again: {call.Hint($"send {address} retry")}"),
            RunEnd.Cancelled => new Failure(
                ExitCodes.Failed, Failure.Local("generation-cancelled", "Cancelled", "The generation was cancelled.")),
            RunEnd.Removed removed => new Failure(
                ExitCodes.NotFound,
                Failure.Local("generation-removed", "Removed", $"The session is gone: {removed.Reason}.")),
            _ => throw new InvalidOperationException($"{end.GetType().Name} is no failure."),
        };
        if (call.Json && end is not RunEnd.Removed)
            call.Document(new { session = await call.Client.GetAsync(address.Kind, address.Id, stop) });
        failure.Tell(call.Terminal, call.Json);
        return failure.ExitCode;
    }

    private static int TellDetached(Call call, SessionAddress address)
    {
        if (call.Json)
        {
            call.Document(new { detached = address.ToString() });
            return ExitCodes.Detached;
        }

        call.Say("");
        call.Say($"Detached; the server goes on with {address}.");
        call.Say($"Come back: {call.Hint($"watch {address}")}");
        return ExitCodes.Detached;
    }

    private static async Task<int> CancelAsync(Call call, SessionAddress address)
    {
        // The token that stopped us is spent; asking the server needs a little time of its own.
        using var soon = new CancellationTokenSource(CancelWithin, call.Terminal.Clock);
        try
        {
            await call.Client.SendAsync(address.Kind, address.Id, "cancel", giveUp: soon.Token);
        }
        catch (OperationCanceledException)
        {
            throw new UsageException(
                $"The server did not answer in time, so {address} may go on; "
                + $"try {call.Hint($"send {address} cancel")}.");
        }

        if (call.Json)
            call.Document(new { cancelled = address.ToString() });
        else
            call.Say($"Cancelled {address}.");
        return ExitCodes.Detached;
    }
}
