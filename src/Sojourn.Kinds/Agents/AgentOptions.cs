namespace Sojourn.Kinds.Agents;

/// <summary>The profiles and limits of the kind <c>agent</c>. Faults are reported together.</summary>
public sealed class AgentOptions
{
    /// <summary>
    /// The programs that sessions may run. Default: none; <c>sojourn serve</c> adds those that it finds, see
    /// <see cref="UseDefaultProfiles"/>.
    /// </summary>
    public IReadOnlyList<AgentProfile> Profiles { get; set; } = [];

    /// <summary>
    /// Whether the profiles <c>shell</c>, <c>claude</c>, <c>gemini</c>, <c>codex</c> and <c>opencode</c> are added
    /// where their programs are found and no other profile has the name. Default true.
    /// </summary>
    public bool UseDefaultProfiles { get; set; } = true;

    /// <summary>
    /// How many sessions there may be. Default 1,000; 1 to 1,000,000. Beyond it a new one is
    /// refused.
    /// </summary>
    public int MaxSessions { get; set; } = 1000;

    /// <summary>
    /// How many programs may live at once. Default 16; 1 to 1,000. Beyond it the one that had nothing to do for longest
    /// is hibernated; if all have, a start waits and says so.
    /// </summary>
    public int MaxProcesses { get; set; } = 16;

    /// <summary>How many programs of one owner may live at once. Default 16; 1 to 1,000.</summary>
    public int MaxProcessesPerOwner { get; set; } = 16;

    /// <summary>
    /// How many bytes of memory must be free for another program to be started: of the machine's, or of what a
    /// container or a service may use. Default 512 MiB; from 0.
    /// </summary>
    public long MinFreeMemory { get; set; } = 512L << 20;

    /// <summary>
    /// After how long without anything to do an agent's program is stopped, to be started again by the next prompt.
    /// Default 15 min; 1 s to 30 days. Terminals are left alone unless their profile says otherwise.
    /// </summary>
    public TimeSpan HibernateAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an ended session is kept. Default 30 days; 1 min to 3,650 days.</summary>
    public TimeSpan KeepEndedFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How many prompts may wait in a session, those that were cut off among them. Default 100; 1 to 1,000.
    /// </summary>
    public int MaxQueuedPrompts { get; set; } = 100;

    /// <summary>
    /// How many bytes the prompts that wait in a session may have together, with their documents; one that is larger
    /// than that cannot be sent. Default 16 MiB; 1 MiB to 1 GiB.
    /// </summary>
    public long MaxQueuedPromptBytes { get; set; } = 16L << 20;

    /// <summary>How much of a session's events is kept readable, in bytes. Default 64 MiB; 1 MiB to 4 GiB.</summary>
    public long MaxLogBytes { get; set; } = 64L << 20;

    /// <summary>How much of what a terminal drew is kept readable, in bytes. Default 16 MiB; 1 MiB to 4 GiB.</summary>
    public long MaxOutputBytes { get; set; } = 16L << 20;

    /// <summary>
    /// How many bytes a second a terminal may draw on and on; a program that draws faster is made to wait. Default
    /// 32 MiB; 64 KiB to 1 GiB.
    /// </summary>
    public long OutputBytesPerSecond { get; set; } = 32L << 20;

    /// <summary>How many lines above the screen a late joiner gets. Default 1,000; 0 to 10,000.</summary>
    public int Scrollback { get; set; } = 1000;

    internal AgentProfile? Find(string name, OwnerId owner) =>
        Profiles.FirstOrDefault(profile => profile.Name == name && profile.IsFor(owner));

    internal IEnumerable<string> NamesFor(OwnerId owner) =>
        Profiles.Where(profile => profile.IsFor(owner)).Select(profile => profile.Name);

    internal TimeSpan? HibernateAfterOf(AgentProfile profile) => profile.HibernateAfter
        ?? (profile.Protocol == AgentProtocol.Terminal ? null : HibernateAfter);

    /// <summary>The limits as the engine takes them.</summary>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    internal Policy ToPolicy()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The agents' options cannot be used: {string.Join(" ", faults)}");
        }

        return new Policy
        {
            Statuses =
            [
                new("starting") { Busy = true },
                new("idle") { Busy = true, Rests = true },
                new("running") { Busy = true, Rests = true },
                new("waiting") { Busy = true, Rests = true },
                new("background") { Busy = true, Rests = true },
                new("stopping") { Busy = true },
                new("interrupted"),
                new("hibernated"),
                new("failed") { Final = true, Resumable = true, Failed = true, KeepFor = KeepEndedFor },
                new("ended") { Final = true, Resumable = true, KeepFor = KeepEndedFor },
            ],
            MaxSessions = MaxSessions,
            MaxDriven = MaxSessions,
            RetainedEvents = 1_000_000,
            RetainedEventBytes = MaxLogBytes,
            Streams = new Dictionary<string, Retention>
            {
                [AgentKind.OutputStream] = new() { Bytes = MaxOutputBytes },
                [AgentKind.ScreenStream] = new() { Entries = 2 },
                [AgentKind.PromptStream] = PromptRoom.KeptBy(this),
            },
            MaxStateBytes = 1 << 20,
        };
    }

    private IEnumerable<string> Faults()
    {
        (string Name, long Value, long Least, long Most)[] numbers =
        [
            (nameof(MaxSessions), MaxSessions, 1, 1_000_000),
            (nameof(MaxProcesses), MaxProcesses, 1, 1000),
            (nameof(MaxProcessesPerOwner), MaxProcessesPerOwner, 1, 1000),
            (nameof(MinFreeMemory), MinFreeMemory, 0, long.MaxValue),
            (nameof(MaxQueuedPrompts), MaxQueuedPrompts, 1, 1000),
            (nameof(MaxQueuedPromptBytes), MaxQueuedPromptBytes, 1 << 20, 1 << 30),
            (nameof(MaxLogBytes), MaxLogBytes, 1 << 20, 4L << 30),
            (nameof(MaxOutputBytes), MaxOutputBytes, 1 << 20, 4L << 30),
            (nameof(OutputBytesPerSecond), OutputBytesPerSecond, 64 << 10, 1 << 30),
            (nameof(Scrollback), Scrollback, 0, 10_000),
        ];
        foreach (var (name, value, least, most) in numbers)
        {
            if (value < least || value > most)
                yield return $"{name} must be {least:N0} to {most:N0}; it is {value:N0}.";
        }

        if (HibernateAfter < TimeSpan.FromSeconds(1) || HibernateAfter > TimeSpan.FromDays(30))
        {
            yield return $"{nameof(HibernateAfter)} must be 1 second to 30 days; it is {HibernateAfter}.";
        }

        if (KeepEndedFor < TimeSpan.FromMinutes(1) || KeepEndedFor > TimeSpan.FromDays(3650))
        {
            yield return $"{nameof(KeepEndedFor)} must be 1 minute to 3,650 days; it is {KeepEndedFor}.";
        }

        foreach (var fault in ProfileFaults())
        {
            yield return fault;
        }
    }

    private IEnumerable<string> ProfileFaults()
    {
        foreach (var twice in Profiles.GroupBy(profile => profile.Name, StringComparer.Ordinal)
            .Where(same => same.Count() > 1))
        {
            yield return $"There are two profiles named '{twice.Key}'.";
        }

        foreach (var profile in Profiles)
        {
            if (profile.Name.Length is 0 or > 32
                || profile.Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            {
                yield return $"A profile's name is 1 to 32 of a-z, 0-9 and '-'; '{profile.Name}' is none.";
            }

            if (AgentKind.ServersWords.Contains(profile.Name))
            {
                yield return $"A profile cannot be called '{profile.Name}': that is a path of the server's.";
            }

            if (string.IsNullOrWhiteSpace(profile.Command)
                || profile.Arguments.Append(profile.Command).Any(text => text.Contains('\0', StringComparison.Ordinal)))
            {
                yield return $"Profile '{profile.Name}': it needs a command, and no argument has a zero character.";
            }

            if (profile.Environment.Any(each => each.Key.Length == 0
                || each.Key.Any(c => c is '=' or '\0') || each.Value.Contains('\0', StringComparison.Ordinal)))
            {
                yield return $"Profile '{profile.Name}': a variable has a name without '=' and no zero character.";
            }

            if (profile.HibernateAfter is { } after
                && (after < TimeSpan.FromSeconds(1) || after > TimeSpan.FromDays(30)))
            {
                yield return $"Profile '{profile.Name}': {nameof(AgentProfile.HibernateAfter)} must be 1 second to 30 "
                    + $"days; it is {after}.";
            }

            if (profile.StartsWithServer && profile.Mode != AgentMode.Shared)
            {
                yield return $"Profile '{profile.Name}': only a shared session starts with the server.";
            }
        }
    }
}
