using System.Collections.Concurrent;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>Finds what an operation id was answered: among the commits under way, then in the store.</summary>
internal sealed class OperationMemory(ISessionStore store)
{
    private readonly ConcurrentDictionary<(SessionKey Key, string Operation), Request> _underWay = new();

    /// <summary>Its change is on its way to the store.</summary>
    public void Add(Request request)
    {
        if (request.Operation is { } operation)
        {
            _underWay[(request.Cell.Key, operation.Id)] = request;
        }
    }

    /// <summary>Its change is in the store, or never will be.</summary>
    public void Forget(Request request)
    {
        if (request.Operation is { } operation)
        {
            _underWay.TryRemove(new((request.Cell.Key, operation.Id), request));
        }
    }

    /// <summary>
    /// True if the request has an answer now: that of before, or that the id was used for something else.
    /// </summary>
    /// <param name="cell">The session; afterwards it may have to be loaded anew, and then this is to be asked again.
    /// </param>
    /// <param name="request">What is asked.</param>
    /// <param name="isFresh">True if the session was loaded for this request.</param>
    public async ValueTask<bool> TryReplayAsync(Cell cell, Request request, bool isFresh)
    {
        var id = request.OperationId!;
        // It may have been judged before, on something that was taken back.
        (request.Change, request.Operation) = (null, null);
        if (cell.Latest is not { } latest)
        {
            // What a removed session was asked is no business of its successor's.
            return false;
        }

        if (_underWay.TryGetValue((cell.Key, id), out var before)
            && before.Epoch == cell.SeenEpoch && before.Operation!.At >= latest.CreatedAt)
        {
            request.Answer = SameCommand(before.Operation!, request)
                ? before.Answer with { IsReplay = true, IsChange = false, Events = [] }
                : new(Problems.OperationReused(id));
            return true;
        }

        var known = cell.Kind.IsVolatile
            ? cell.Parts?.Operations?.GetValueOrDefault(id)
            : latest.Extras.Operations is null
                ? null
                : await store.FindOperationAsync(cell.Key, id, CancellationToken.None).ConfigureAwait(false);
        if (known is null || known.At < latest.CreatedAt)
        {
            return false;
        }

        if (known.Version > latest.Version && cell.Kind.IsDurable && !isFresh)
        {
            // A commit that was reported as failed took effect: what is repeated must also be what can be read. (Once,
            // since a session that was restored from a snapshot is older than what it was asked. What is on its way
            // was decided on less than the store has, and is judged again whatever is loaded here.)
            cell.MustReload = true;
            return false;
        }

        request.Answer = SameCommand(known, request)
            ? Replay(request, known, cell)
            : new(Problems.OperationReused(id));
        return true;
    }

    private static bool SameCommand(OperationRecord known, Request request) =>
        known.Hash.Span.SequenceEqual(request.Hash);

    private static Answer<object?> Replay(Request request, OperationRecord known, Cell cell) =>
        new(request.ReplyFor(StateJson.ReadReply(known.Reply, request.ReplyType), cell.Latest!))
        {
            Version = known.Version,
            DurableVersion = Math.Min(known.Version, cell.DurableOf(cell.Latest!)),
            IsReplay = true,
            FirstEvent = known.FirstEvent,
            LastEvent = known.LastEvent,
        };
}
