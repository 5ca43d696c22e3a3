namespace Sojourn.Engine;

/// <summary>Wakes one waiting loop. Setting it while nobody waits is remembered, once.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);
    private int _isSet;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _semaphore.Release();
        }
    }

    public async Task WaitAsync(CancellationToken stop = default)
    {
        await _semaphore.WaitAsync(stop);
        // A full barrier: what was put into a queue before the signal must be seen after it.
        Interlocked.Exchange(ref _isSet, 0);
    }

    public void Dispose() => _semaphore.Dispose();
}
