using Microsoft.Extensions.Hosting;
using Sojourn.Kinds.Streams;
using Sojourn.Stores;

namespace Sojourn.Server.Streams;

/// <summary>
/// Looks through the streams that are deleted and kept for their forks, at the start and every minute: forks expire by
/// themselves, and a crash may have come between the end of one and its note.
/// </summary>
internal sealed class ForkKeeper(SojournEngine engine, StreamForks forks, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Looks through them once.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        var query = new SessionQuery { Kind = StreamKind.KindName, Owner = null, Status = StreamKind.Deleted };
        do
        {
            var page = await engine.ListAsync(query, stop);
            foreach (var session in page.Sessions)
            {
                var answer = await engine.GetAsync(session.Key);
                if (answer.IsAccepted && answer.Reply.State is DurableStream { Phase: StreamPhase.Deleted } deleted)
                {
                    await forks.CheckAsync(session.Key, deleted);
                }
            }

            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                await TryLookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task TryLookAsync(CancellationToken stop)
    {
        try
        {
            await LookAsync(stop);
        }
        catch (SojournException)
        {
            // The store cannot be read now, and says so itself; nothing is lost by looking a minute later.
        }
    }
}
