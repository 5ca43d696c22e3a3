using System.Diagnostics.CodeAnalysis;

namespace Sojourn;

/// <summary>The outcome of a command: accepted with a reply, or a <see cref="Sojourn.Problem"/>.</summary>
public readonly struct Answer<TReply>
{
    private readonly TReply? _reply;

    internal Answer(TReply? reply) => _reply = reply;

    internal Answer(Problem problem) => Problem = problem;

    /// <summary>Why it was not done; null if it was.</summary>
    public Problem? Problem { get; }

    /// <summary>True if the command was decided and, as far as its kind's durability promises, kept.</summary>
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsAccepted => Problem is null;

    /// <summary>The reply.</summary>
    /// <exception cref="SojournException">The answer is a problem.</exception>
    public TReply Reply => Problem is null ? _reply! : throw new SojournException(Problem);

    /// <summary>The session's version after the step; 0 with a problem.</summary>
    public long Version { get; internal init; }

    /// <summary>The newest version that would survive a power cut now; 0 if none would.</summary>
    public long DurableVersion { get; internal init; }

    /// <summary>True if this operation id had been decided before, and this is that answer again.</summary>
    public bool IsReplay { get; internal init; }

    /// <summary>True if this request took a step; false if nothing had to change.</summary>
    public bool IsChange { get; internal init; }

    /// <summary>The number of the first event of the step.</summary>
    public long FirstEvent { get; internal init; }

    /// <summary>The number of the last event of the step; below <see cref="FirstEvent"/> if it had none.</summary>
    public long LastEvent { get; internal init; }

    /// <summary>
    /// The events of the step, in order. Empty for a replay; read those from the log, from
    /// <see cref="FirstEvent"/> on.
    /// </summary>
    public IReadOnlyList<SessionEvent> Events { get => field ?? []; internal init; }

    internal Answer<TOther> As<TOther>(Func<TReply, TOther> convert) => Problem is not null
        ? new Answer<TOther>(Problem)
        : new Answer<TOther>(convert(_reply!))
        {
            Version = Version,
            DurableVersion = DurableVersion,
            IsReplay = IsReplay,
            IsChange = IsChange,
            FirstEvent = FirstEvent,
            LastEvent = LastEvent,
            Events = Events,
        };
}

/// <summary>What may accompany a command.</summary>
public sealed record SendOptions
{
    /// <summary>Whose session. Default <see cref="OwnerId.Local"/>.</summary>
    public OwnerId Owner { get; init; }

    /// <summary>
    /// A name for this one effect, 1 to 128 printable ASCII characters: sending the command again under the same name
    /// gives the same reply and no second effect, also after a crash, for at least 24 hours.
    /// </summary>
    public string? OperationId { get; init; }

    /// <summary>The version that the session must have; otherwise <see cref="ProblemTypes.VersionMismatch"/>.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>
    /// True for what a program does by itself to keep sessions in order, and nobody asked for: it takes nothing of the
    /// owner's <see cref="OwnerQuota.CommandsPerSecond"/>, and is never beyond its <see cref="OwnerQuota.MaxBytes"/>.
    /// Default false. Never for what somebody else decides how often, or how large.
    /// </summary>
    public bool IsUpkeep { get; init; }
}

/// <summary>What may accompany the start of a session.</summary>
public sealed record CreateOptions
{
    /// <summary>Whose session. Default <see cref="OwnerId.Local"/>.</summary>
    public OwnerId Owner { get; init; }

    /// <summary>The chosen id; null (the default) for a new one.</summary>
    public SessionId? Id { get; init; }

    /// <summary>
    /// As <see cref="SendOptions.OperationId"/>. Without a chosen id, the id is then derived from it.
    /// </summary>
    public string? OperationId { get; init; }

    /// <summary>
    /// True for what a program begins by itself, and nobody asked for: it takes nothing of the owner's
    /// <see cref="OwnerQuota.CommandsPerSecond"/>. Its other limits hold. Default false.
    /// </summary>
    public bool IsUpkeep { get; init; }

    /// <summary>
    /// If a session of the chosen id exists: true to be given it, false (the default) to be refused. Where the kind
    /// chooses the id by what begins the session, it is given always.
    /// </summary>
    public bool GetIfExists { get; init; }

    /// <summary>
    /// If a session of the chosen id exists: true to have it removed and begin anew, both in one commit: a start that
    /// is refused, fails, or is cut off by a crash leaves the old one as it was. With an operation id that is done
    /// once.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>Names and values that lists can be filtered by; at most 16, of 64 characters each.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
