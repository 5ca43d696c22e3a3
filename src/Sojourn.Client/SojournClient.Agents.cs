using Sojourn.Client.Agents;

namespace Sojourn.Client;

public sealed partial class SojournClient
{
    /// <summary>Attaches to an agent; nothing is sent yet.</summary>
    /// <param name="id">The session's id.</param>
    /// <param name="name">
    /// What this client calls itself, 1 to 40 characters, for others to see. No two that are attached at once may have
    /// the same: the server knows by it which keystrokes have arrived. Null for a name with chance in it.
    /// </param>
    /// <exception cref="ArgumentException">A name that no server could accept.</exception>
    public AgentAttachment AttachAgent(string id, string? name = null)
    {
        name ??= $"client-{Guid.NewGuid():N}"[..15];
        if (name.Length is 0 or > 40 || name.Any(char.IsControl))
            throw new ArgumentException("A client's name is 1 to 40 characters.", nameof(name));
        var http = new Uri(_http.BaseAddress!, Address.Part("agent", id, "attach"));
        var address = new UriBuilder(http) { Scheme = http.Scheme == "https" ? "wss" : "ws" };
        return new AgentAttachment(_options, address.Uri, name);
    }

    /// <summary>The profiles that this client's owner may use.</summary>
    public async Task<IReadOnlyList<AgentProfileEntry>> AgentProfilesAsync(CancellationToken giveUp = default) =>
        (await ReadAsync<AgentProfiles>(new Outgoing(HttpMethod.Get, "v1/agent/profiles"), giveUp)
            .ConfigureAwait(false)).Profiles;

    /// <summary>How an agent's terminal looks.</summary>
    public Task<AgentScreen> AgentScreenAsync(string id, CancellationToken giveUp = default) =>
        ReadAsync<AgentScreen>(new Outgoing(HttpMethod.Get, Address.Part("agent", id, "screen")), giveUp);

    /// <summary>
    /// Finds a text in what was said to agents and what they said and did, and on terminals; in whatever case.
    /// </summary>
    /// <param name="text">What: 1 to 200 characters, none of which has a meaning of its own.</param>
    /// <param name="session">Only in this session, and all of it; null for all, and at most five hits of each.</param>
    /// <param name="limit">1 to 100; null for the server's 20. A shorter page need not be the last.</param>
    /// <param name="cursor"><see cref="AgentSearchPage.Next"/> of the page before; null for the first.</param>
    /// <param name="giveUp">Ends the waiting.</param>
    public Task<AgentSearchPage> AgentSearchAsync(
        string text, string? session = null, int? limit = null, string? cursor = null,
        CancellationToken giveUp = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var path = Address.Query(
            "v1/agent/search", ("q", text), ("session", session), ("limit", Address.Number(limit)), ("cursor", cursor));
        return ReadAsync<AgentSearchPage>(new Outgoing(HttpMethod.Get, path), giveUp);
    }

    private sealed record AgentProfiles(IReadOnlyList<AgentProfileEntry> Profiles);
}
