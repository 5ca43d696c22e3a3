namespace Sojourn.Kinds.Play.Saves;

/// <summary>Runs work one after another, in the order in which it came, on threads that are nobody's.</summary>
internal sealed class Lane(int mostWaiting, Func<int, Exception> full)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private int _waiting;

    /// <summary>Completes when all that came before has ended.</summary>
    public Task Ended
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public Task<T> RunAsync<T>(Func<T> work, CancellationToken giveUp)
    {
        lock (_gate)
        {
            // One is at work, and as many may wait.
            if (_waiting > mostWaiting)
            {
                // By the task, as all that may come to pass: a game that looks at it later is not surprised now.
                return Task.FromException<T>(full(mostWaiting));
            }

            _waiting++;
            var task = RunAfterAsync(_last, work, giveUp);
            // What failed has told whoever asked; the next has nothing to do with it.
            _last = task.ContinueWith(
                static (ended, _) => _ = ended.Exception, null, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return task;
        }
    }

    private async Task<T> RunAfterAsync<T>(Task before, Func<T> work, CancellationToken giveUp)
    {
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            giveUp.ThrowIfCancellationRequested();
            return work();
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
            }
        }
    }
}
