namespace Sojourn.Engine;

/// <summary>
/// Who may decide for a session now: one at a time, the others in order of arrival. No thread ever blocks: whoever
/// finds the turn free takes it and works on its own thread, whoever does not leaves its work in the line for the
/// holder to pass on. The one field is null (free), <see cref="Held"/>, or the newest waiter, whose
/// <see cref="TurnWork.Next"/> chain ends in <see cref="Held"/>. A mutable struct: keep it in a field, never copy it.
/// </summary>
internal struct Turn
{
    private static readonly TurnWork Held = new HeldMark();

    private TurnWork? _top;
    private int _waiting;

    public JoinResult Join(TurnWork work, int maxWaiting)
    {
        while (true)
        {
            var top = Volatile.Read(ref _top);
            if (top is null)
            {
                if (Interlocked.CompareExchange(ref _top, Held, null) is null)
                {
                    return JoinResult.Entered;
                }

                continue;
            }

            // Count before joining: a holder that drains the line must never bring the count below zero.
            if (Interlocked.Increment(ref _waiting) > maxWaiting)
            {
                Interlocked.Decrement(ref _waiting);
                return JoinResult.Full;
            }

            work.Next = top;
            if (Interlocked.CompareExchange(ref _top, work, top) == top)
            {
                return JoinResult.Waiting;
            }

            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>
    /// Called by the holder when its work is done. Null: the turn is free. Otherwise the turn is still held, and the
    /// holder must see that these are run, oldest first, and then leave again.
    /// </summary>
    public TurnWork? Leave()
    {
        if (Interlocked.CompareExchange(ref _top, null, Held) == Held)
        {
            return null;
        }

        var newest = Interlocked.Exchange(ref _top, Held);
        TurnWork? oldest = null;
        while (newest != Held)
        {
            (newest!.Next, oldest, newest) = (oldest, newest, newest.Next);
        }

        return oldest;
    }

    /// <summary>Called by the holder for each waiter it is about to run.</summary>
    public void Admit() => Interlocked.Decrement(ref _waiting);

    private sealed class HeldMark : TurnWork;
}

/// <summary>Something that waits for its turn.</summary>
internal abstract class TurnWork
{
    public TurnWork? Next { get; set; }
}

internal enum JoinResult
{
    /// <summary>The turn was free and is now the caller's: run the work, then leave.</summary>
    Entered,

    /// <summary>The work is in the line; whoever holds the turn sees to it.</summary>
    Waiting,

    /// <summary>The line is as long as it may be.</summary>
    Full,
}
