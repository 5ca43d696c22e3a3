using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sojourn.Kinds.Play.Flow;

namespace Sojourn.Kinds.Play;

/// <summary>Whether a backup can be loaded.</summary>
public enum BackupValidity
{
    /// <summary>It was looked at, and is whole.</summary>
    Good,

    /// <summary>It was looked at, and is damaged; it is never loaded.</summary>
    Damaged,

    /// <summary>Nobody has looked: the files are on the player's machine.</summary>
    Unknown,
}

/// <summary>What can be done about a play that was cut off. Immutable.</summary>
public sealed record RecoveryOffer
{
    /// <summary>After so many attempts on a backup that came to nothing, others are offered before it.</summary>
    public const int AttemptsBeforeOthers = 2;

    /// <summary>What happened, in a sentence.</summary>
    public required string What { get; init; }

    /// <summary>When it was noticed, UTC. It happened between <see cref="LastActivityAt"/> and then.</summary>
    public DateTimeOffset NoticedAt { get; init; }

    /// <summary>The last sign of life, UTC.</summary>
    public DateTimeOffset LastActivityAt { get; init; }

    /// <summary>The last checkpoint, UTC; null if there was none.</summary>
    public DateTimeOffset? LastCheckpointAt { get; init; }

    /// <summary>Where in the game the player was.</summary>
    public GameState GameState { get; init; }

    /// <summary>Where the game can be taken up again.</summary>
    public GameState ResumeAt { get; init; }

    /// <summary>How one gets there from the main menu; see <see cref="GameFlow.ResumeFrom"/>.</summary>
    public ImmutableArray<GameState> Path { get; init; } = [];

    /// <summary>All saves there are, damaged ones too, in the order in which they are best tried.</summary>
    public ImmutableArray<Backup> Backups { get; init; } = [];

    /// <summary>The first that would be tried; null if none can be loaded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public BackupName? Recommended => Backups.FirstOrDefault(backup => backup.CanBeTried) is { } best ? best.Name : null;

    /// <summary>How often the answer was put off.</summary>
    public int Deferred { get; init; }

    /// <summary>When the session is archived if nobody answers, UTC.</summary>
    public DateTimeOffset ArchivedAt { get; init; }

    /// <summary>Why the last recovery came to nothing; null if none did.</summary>
    public string? LastFailure { get; init; }

    /// <summary>
    /// The backups in the order in which they are best tried: those that recovery did not fail on twice, newest first;
    /// then the others, newest first; then what is damaged.
    /// </summary>
    public static ImmutableArray<Backup> InOrder(IEnumerable<Backup> backups) =>
    [
        .. backups.OrderBy(backup => backup.Validity == BackupValidity.Damaged)
            .ThenBy(backup => backup.Attempts >= AttemptsBeforeOthers)
            .ThenByDescending(backup => backup.SavedAt)
            .ThenByDescending(backup => backup.Name.Generation)
            .ThenBy(backup => backup.Name.Slot, StringComparer.Ordinal),
    ];

    /// <summary>What to try, in order, beginning with what was chosen.</summary>
    /// <param name="chosen">Null for the recommended one.</param>
    /// <param name="noFallback">True to try no other.</param>
    public ImmutableArray<BackupName> ToTry(BackupName? chosen, bool noFallback)
    {
        var order = Backups.Where(backup => backup.CanBeTried).Select(backup => backup.Name)
            .OrderBy(name => name != chosen).Take(noFallback ? 1 : int.MaxValue);
        return [.. order];
    }
}

/// <summary>Which save.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Generation">The generation there.</param>
public sealed record BackupName(string Slot, long Generation);

/// <summary>A save that a game may be recovered from.</summary>
/// <param name="Name">Which.</param>
/// <param name="SavedAt">When it was written, UTC.</param>
/// <param name="Type"><c>manual</c>, <c>auto</c>, <c>quick</c> or <c>checkpoint</c>.</param>
/// <param name="Validity">Whether it can be loaded.</param>
public sealed record Backup(BackupName Name, DateTimeOffset SavedAt, string Type, BackupValidity Validity)
{
    /// <summary>How old it was when the cut was noticed, in seconds.</summary>
    public double AgeSeconds { get; init; }

    /// <summary>How many seconds of play, up to the last activity, it does not have. 0 if it has all.</summary>
    public double LostSeconds { get; init; }

    /// <summary>How often a recovery from it came to nothing.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it cannot be loaded; null if it can.</summary>
    public string? Reason { get; init; }

    /// <summary>What it is, for people: the mission, a description. Empty if nothing is known.</summary>
    public string Description { get; init; } = "";

    /// <summary>True unless it is known to be damaged.</summary>
    [JsonIgnore]
    public bool CanBeTried => Validity != BackupValidity.Damaged;
}

/// <summary>A recovery that was accepted, and whose outcome is not known yet.</summary>
/// <param name="Backup">The save that is being loaded.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="ToTry">What is tried, in order.</param>
public sealed record RecoveryUnderWay(BackupName Backup, DateTimeOffset Since, ImmutableArray<BackupName> ToTry);
