namespace Sojourn.Engine;

/// <summary>
/// What waits for the next batch, owners taking turns: one that has sent a hundred thousand steps does not hold up one
/// that sends a single one. Those of one owner keep their order. Belongs to the committer's task.
/// </summary>
internal sealed class FairQueue
{
    private readonly Dictionary<OwnerAccount, Queue<Request>> _byOwner = [];
    private readonly Queue<OwnerAccount> _turns = new();

    public void Add(Request request)
    {
        if (!_byOwner.TryGetValue(request.Cell.Account, out var queue))
        {
            _byOwner[request.Cell.Account] = queue = new Queue<Request>();
            _turns.Enqueue(request.Cell.Account);
        }

        queue.Enqueue(request);
    }

    /// <summary>Moves requests to a batch until it is full, or none is left.</summary>
    public void Take(List<Request> batch, int most)
    {
        while (batch.Count < most && _turns.TryDequeue(out var owner))
        {
            // The owners that wait share what is left of the batch.
            var share = Math.Max(1, (most - batch.Count) / (_turns.Count + 1));
            var queue = _byOwner[owner];
            for (; share > 0 && queue.TryDequeue(out var request); share--)
            {
                batch.Add(request);
            }

            if (queue.Count > 0)
            {
                _turns.Enqueue(owner);
            }
            else
            {
                _byOwner.Remove(owner);
            }
        }
    }
}
