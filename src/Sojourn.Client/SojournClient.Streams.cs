namespace Sojourn.Client;

public sealed partial class SojournClient
{
    /// <summary>A durable stream by its name; nothing is sent yet.</summary>
    /// <param name="name">1 to 1,024 bytes of UTF-8; no part between slashes is empty or dots.</param>
    public StreamClient Stream(string name) => new(_exchange, _options, Address.Stream(name));

    /// <summary>A log of a session; nothing is sent yet.</summary>
    /// <param name="kind">The session's kind.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="stream"><c>events</c> (the default), or a stream that the kind names.</param>
    public StreamClient Log(string kind, string id, string stream = "events") =>
        new(_exchange, _options, Address.Part(kind, id, "streams/" + stream));
}
