using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>What all agents of this server share: profiles, places, locks, and the marks of their processes.</summary>
internal sealed class AgentHost : IDisposable
{
    private readonly Lazy<(string Store, string Instance)> _names;
    private readonly Lock _gate = new();
    private Subreaper? _subreaper;
    private Task? _swept;

    /// <param name="options">The profiles and limits.</param>
    /// <param name="directory">
    /// Where locks are kept, and the name of the store that sessions are in. Made when it is first needed: by then the
    /// store is open, and nobody else's.
    /// </param>
    /// <param name="time">The engine's clock.</param>
    public AgentHost(AgentOptions options, string directory, TimeProvider time)
    {
        (Options, Time) = (options, time);
        directory = Path.GetFullPath(directory);
        _names = new(() =>
        {
            var store = StoreName.In(directory);
            return (store, ServerInstance.New(store));
        });
        Locks = new ConversationLocks(
            [.. ConversationLocks.OfUser is { } shared ? [shared] : Array.Empty<string>(),
                Path.Combine(directory, "conversations")]);
        Places = new Places(options, FreeMemory.Read);
        Ladder = new StopLadder(time);
    }

    public AgentOptions Options { get; }

    public TimeProvider Time { get; }

    public Places Places { get; }

    public ConversationLocks Locks { get; }

    public LiveAgents Live { get; } = new();

    public StopLadder Ladder { get; }

    /// <summary>Names this process of the server to its children.</summary>
    public string Instance => _names.Value.Instance;

    /// <summary>What its children and theirs are found by.</summary>
    public ProcessMarker MarkerOf(SessionKey key) => new($"{key.Owner}/{key.Id}", Instance);

    /// <summary>
    /// Completes when what a process of this server that crashed has left is ended. Nothing is resumed before: two
    /// programs would write to one conversation.
    /// </summary>
    public Task SweepAsync()
    {
        lock (_gate)
        {
            return _swept ??= Task.Run(async () =>
            {
                if (ChildProcess.WhyNotHere is not null)
                    return;
                _subreaper ??= Subreaper.TryBecome(Time);
                await Ladder.SweepAsync(
                    marker => ServerInstance.IsLeftBehind(marker.Instance, _names.Value.Store, Instance),
                    null, TimeSpan.FromSeconds(10));
            });
        }
    }

    /// <summary>Ends what is left of a session's programs in this process of the server.</summary>
    public async Task EndLeftoversAsync(SessionKey key)
    {
        if (ChildProcess.WhyNotHere is null)
            await Ladder.SweepAsync(MarkerOf(key).Equals, null, TimeSpan.FromSeconds(10));
    }

    /// <summary>What a program started and what lives beside it.</summary>
    public IEnumerable<MarkedProcess> DescendantsOf(SessionKey key, int pid) =>
        MarkedProcesses.Find(MarkerOf(key).Equals).Where(process => process.Pid != pid);

    public void Dispose() => _subreaper?.Dispose();
}
