using System.Collections.Concurrent;

namespace Sojourn.Sqlite;

/// <summary>
/// The one thread that writes. A flush blocks it for as long as the disk takes; on the thread pool it would take a
/// thread away from everybody else's work.
/// </summary>
internal sealed class WriterThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriterThread() => new Thread(Work) { IsBackground = true, Name = "Sojourn SQLite writer" }.Start();

    /// <summary>Runs after all that was given before; an exception is the task's.</summary>
    public Task<T> RunAsync<T>(Func<T> write)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(write());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
        _work.Dispose();
    }

    private void Work()
    {
        while (RunNext())
        {
            // All is done in the condition.
        }

        _ended.SetResult();
    }

    /// <summary>
    /// In a method of its own, and not in an enumeration: while this waits for the next piece of work, nothing holds on
    /// to the last one, which may have been a fold with all that was in it.
    /// </summary>
    private bool RunNext()
    {
        if (!_work.TryTake(out var write, Timeout.Infinite))
        {
            return false;
        }

        write();
        return true;
    }
}
