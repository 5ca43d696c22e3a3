namespace Sojourn.Engine;

/// <summary>Wakes one waiting loop. Setting it while nobody waits is remembered, once.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);
    private int _isSet;

    public void Set()
    {
        try
        {
            if (Interlocked.Exchange(ref _isSet, 1) == 0)
            {
                _semaphore.Release();
            }
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended, and whoever comes late, a timer's thread among them, has nobody to wake.
        }
    }

    public async Task WaitAsync(CancellationToken stop = default)
    {
        await _semaphore.WaitAsync(stop).ConfigureAwait(false);
        // A full barrier: what was put into a queue before the signal must be seen after it.
        Interlocked.Exchange(ref _isSet, 0);
    }

    public void Dispose() => _semaphore.Dispose();
}
