using Microsoft.Extensions.Hosting;

namespace Sojourn.Server.Keys;

/// <summary>Puts on record when keys were used, once a minute for all, so that no request has to write.</summary>
internal sealed class KeyUseWriter(KeyRing keys, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await keys.WriteUsesAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops: the last minute is still to be written, below.
        }

        await keys.WriteUsesAsync();
    }
}
