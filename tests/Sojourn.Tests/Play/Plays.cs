using System.Collections.Immutable;
using System.Text.Json;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Flow;
using Sojourn.Testing;

namespace Sojourn.Tests.Play;

/// <summary>Play sessions for tests of rules.</summary>
internal static class Plays
{
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static Decided<PlaySession> Begin(StartPlay? start = null, PlayOptions? options = null) =>
        Rules.Of(new PlayKind(options)).Start(start ?? new StartPlay("Maverick", "wcsaga"));

    public static Update Set(params (string Name, object? Value)[] values) => new(
        values.ToImmutableSortedDictionary(
            value => value.Name, value => JsonSerializer.SerializeToElement(value.Value)));

    /// <summary>Walks through the game's states.</summary>
    public static Decided<PlaySession> Walk(this Decided<PlaySession> play, params ReadOnlySpan<GameState> states)
    {
        foreach (var state in states)
        {
            play = play.Send(new ChangeState(state));
            play.Refusal.ShouldBeNull();
        }

        return play;
    }

    public static Saved Save(string slot, long generation, string type = "manual", double milliseconds = 4) =>
        new(new SavedContent(slot, generation, type, new string('a', 64), 1000, milliseconds));

    /// <summary>A backup as old as said, at the default start of clocks and two hours later.</summary>
    public static FoundBackup Found(
        Decided<PlaySession> play, string slot, double minutesAgo,
        BackupValidity validity = BackupValidity.Good, long generation = 1, int attempts = 0) => new(
            slot, generation, play.Now - TimeSpan.FromMinutes(minutesAgo), "manual", validity, attempts,
            validity == BackupValidity.Damaged ? "Its checksum is wrong." : null);
}
