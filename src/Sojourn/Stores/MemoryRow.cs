namespace Sojourn.Stores;

/// <summary>A session in a <see cref="MemoryStore"/>, with all that belongs to it.</summary>
internal sealed class MemoryRow(long number, SessionRecord record)
{
    public long Number { get; } = number;

    public SessionRecord Record { get; private set; } = record;

    public Dictionary<string, OperationRecord> Operations { get; } = [];

    public Dictionary<string, List<StreamEntry>> Streams { get; } = [];

    public string? LeaseNode { get; set; }

    public DateTimeOffset LeaseUntil { get; set; } = DateTimeOffset.MinValue;

    private long LeaseTerm { get; set; }

    public bool IsHeldBy(Lease lease) => LeaseNode == lease.Node && LeaseTerm == lease.Term;

    public Lease Claim(LeaseClaim claim)
    {
        LeaseNode = claim.Node;
        LeaseUntil = claim.Until;
        return new Lease(Record.Key, claim.Node, ++LeaseTerm);
    }

    public void Take(SaveSession save)
    {
        Record = save.Record;
        foreach (var entry in save.Entries)
        {
            if (!Streams.TryGetValue(entry.Stream, out var stream))
            {
                Streams[entry.Stream] = stream = [];
            }

            stream.Add(entry);
        }

        foreach (var operation in save.Operations)
        {
            Operations[operation.Id] = operation;
        }

        foreach (var trim in save.Trims)
        {
            Streams.GetValueOrDefault(trim.Stream)?.RemoveAll(entry => entry.Number < trim.Before);
        }

        if (save.TrimOperationsBefore is { } before)
        {
            foreach (var old in Operations.Values.Where(operation => operation.At < before).ToList())
            {
                Operations.Remove(old.Id);
            }
        }
    }
}
