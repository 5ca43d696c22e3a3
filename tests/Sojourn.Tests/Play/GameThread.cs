using System.Collections.Concurrent;

namespace Sojourn.Tests.Play;

/// <summary>
/// The context of a game's thread. What is posted there would wait for the next picture, and for ever if that thread
/// waits for it: so nothing is to be.
/// </summary>
internal sealed class GameThread : SynchronizationContext
{
    private readonly ConcurrentQueue<string> _posts = [];

    /// <summary>What wanted to go on there, and from where.</summary>
    public IReadOnlyCollection<string> Posts => _posts;

    public override void Post(SendOrPostCallback d, object? state)
    {
        _posts.Enqueue($"{state} from {Environment.StackTrace}");
        ThreadPool.QueueUserWorkItem(_ => d(state));
    }

    /// <summary>Makes a call as from that thread.</summary>
    public T Call<T>(Func<T> call)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            return call();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
