namespace Sojourn.Crash.Streams;

/// <summary>What one producer has of one stream: the ledger, kept outside of the server.</summary>
internal sealed class Share(string stream, string type, string producer)
{
    public string Stream => stream;

    public string Type => type;

    public string Producer => producer;

    public string Path => $"/v1/streams/{stream}";

    /// <summary>True once the server has said that the stream is there.</summary>
    public bool IsCreated { get; set; }

    /// <summary>How many messages were acknowledged.</summary>
    public long Acknowledged { get; set; }

    /// <summary>How many messages were sent and not answered yet: either all of them are kept or none.</summary>
    public int Asked { get; set; }

    /// <summary>True while it is not known whether the stream was closed.</summary>
    public bool IsClosing { get; set; }

    /// <summary>True once the server has said that the stream is closed.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Compares with what the stream holds of it.</summary>
    /// <param name="found">How many messages, which were in order and without a gap.</param>
    public void Check(long found) => Promise.Expect(
        found == Acknowledged || found == Acknowledged + Asked,
        $"{stream} holds {found} of {producer}'s messages; {Acknowledged} were acknowledged, {Asked} more were sent");
}
