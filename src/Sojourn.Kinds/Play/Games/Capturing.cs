using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Kinds.Play.Games;

/// <summary>Asks a game for its content where the game wants to be asked.</summary>
internal sealed class Capturing(Func<SaveType, GameCapture?>? capture, SynchronizationContext? context)
{
    public bool IsPossible => capture is not null;

    /// <summary>The game as it is; null if there is nothing to save.</summary>
    /// <param name="type">What it is for.</param>
    /// <param name="stop">Ends the waiting: the game may never answer any more.</param>
    public Task<GameCapture?> TakeAsync(SaveType type, CancellationToken stop)
    {
        if (capture is null)
        {
            return Task.FromResult<GameCapture?>(null);
        }

        if (context is null)
        {
            return Task.Run(() => capture(type), stop).WaitAsync(stop);
        }

        var taken = new TaskCompletionSource<GameCapture?>(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable VSTHRD001 // It is the game's own context, as its engine set it up; nobody waits in it for this.
        context.Post(
            _ =>
            {
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                try
                {
                    taken.SetResult(capture(type));
                }
                catch (Exception failure)
                {
                    taken.SetException(failure);
                }
            },
            null);
#pragma warning restore VSTHRD001
        return taken.Task.WaitAsync(stop);
    }
}
