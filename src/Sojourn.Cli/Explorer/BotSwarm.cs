using System.Threading.Channels;

namespace Sojourn.Cli.Explorer;

/// <summary>
/// All bots play at the same time, a step each in turn, and no more of them than allowed ask the server at once. A bot
/// that waits for its turn is a few hundred bytes.
/// </summary>
internal sealed class BotSwarm(IReadOnlyList<Bot> bots, int concurrency)
{
    private int _playing = bots.Count;

    /// <summary>Completes when all have played all their games. The first that fails ends all.</summary>
    public async Task PlayAsync(CancellationToken stop)
    {
        var waiting = Channel.CreateUnbounded<Bot>();
        foreach (var bot in bots)
            waiting.Writer.TryWrite(bot);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var workers = Enumerable.Range(0, Math.Min(concurrency, bots.Count))
            .Select(_ => WorkAsync(waiting, failed)).ToList();
        try
        {
            await Task.WhenAll(workers);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // What one worker failed of has cancelled the others, and is what there is to tell.
            throw workers.Select(worker => worker.Exception?.InnerException).First(cause => cause is not null)!;
        }
    }

    /// <summary>Removes the games that are still there.</summary>
    public Task RemoveAsync(CancellationToken stop) => Parallel.ForEachAsync(
        bots.Where(bot => bot.MayHaveGame),
        new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = stop },
        async (bot, left) => await bot.RemoveAsync(left));

    private async Task WorkAsync(Channel<Bot> waiting, CancellationTokenSource failed)
    {
        try
        {
            await foreach (var bot in waiting.Reader.ReadAllAsync(failed.Token))
            {
                await bot.StepAsync(failed.Token);
                if (!bot.IsDone)
                    waiting.Writer.TryWrite(bot);
                else if (Interlocked.Decrement(ref _playing) == 0)
                    waiting.Writer.Complete();
            }
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }
}
