using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Play.Models;

/// <summary>A campaign under way. Immutable; members that a newer game wrote are kept.</summary>
public sealed record Campaign
{
    /// <summary>How many checkpoints are kept, the newest.</summary>
    public const int KeptCheckpoints = 10;

    /// <summary>The version of this model that is written.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What the campaign is read from; not empty.</summary>
    public required string File { get; init; }

    /// <summary>What people call it.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many missions there are; at least 1.</summary>
    public required int TotalMissions { get; init; }

    /// <summary>The mission that is next, from 0; <see cref="TotalMissions"/> once all are done.</summary>
    public int MissionIndex { get; init; }

    /// <summary>The best score of each mission that was completed, by its index.</summary>
    public ImmutableSortedDictionary<int, long> BestScores { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    /// <summary>Where the story goes; <c>main</c> at first.</summary>
    public string Branch { get; init; } = "main";

    /// <summary>The branches before, oldest first.</summary>
    public ImmutableArray<string> BranchHistory { get; init; } = [];

    /// <summary>What outlives a mission.</summary>
    public ImmutableSortedDictionary<string, JsonElement> PersistentVariables { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>What ends with a mission.</summary>
    public ImmutableSortedDictionary<string, JsonElement> MissionVariables { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>How each wingman is, those that are not <c>alive</c>.</summary>
    public ImmutableSortedDictionary<string, string> Wingmen { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The last places that were marked, oldest first.</summary>
    public ImmutableArray<string> Checkpoints { get; init; } = [];

    /// <summary>How long it has been played; not negative.</summary>
    public TimeSpan PlayTime { get; init; }

    /// <summary>Members that this version does not know; kept as they are.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>How much of it is done: 0 to 1.</summary>
    [JsonIgnore]
    public double Completion => TotalMissions < 1 ? 0 : Math.Clamp((double)BestScores.Count / TotalMissions, 0, 1);

    /// <summary>The sum of the missions' best scores: a mission that is flown again counts once.</summary>
    [JsonIgnore]
    public long Score => BestScores.Values.Sum();

    /// <summary>All that is wrong, in sentences; empty if the campaign can be saved and played.</summary>
    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(File))
        {
            yield return "A campaign needs the name of its file.";
        }

        if (TotalMissions < 1)
        {
            yield return $"A campaign has at least one mission; this one says {TotalMissions}.";
        }
        else if (MissionIndex < 0 || MissionIndex > TotalMissions
            || BestScores.Keys.Any(mission => mission < 0 || mission >= TotalMissions))
        {
            yield return $"Missions are counted from 0 to {TotalMissions - 1}.";
        }

        if (PlayTime < TimeSpan.Zero || Version < 1)
        {
            yield return "The play time must not be negative, and the version 1 or more.";
        }
    }

    /// <summary>A mission is completed: its best score is kept, and the next one comes.</summary>
    /// <param name="mission">Which, from 0.</param>
    /// <param name="score">What it brought.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mission.</exception>
    public Campaign Complete(int mission, long score)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mission);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(mission, TotalMissions);
        return this with
        {
            BestScores = BestScores.SetItem(mission, Math.Max(score, BestScores.GetValueOrDefault(mission, score))),
            MissionIndex = Math.Max(MissionIndex, mission + 1),
            MissionVariables = MissionVariables.Clear(),
        };
    }

    /// <summary>The story takes another branch.</summary>
    public Campaign TakeBranch(string branch) =>
        branch == Branch ? this : this with { Branch = branch, BranchHistory = BranchHistory.Add(Branch) };

    /// <summary>Marks a place; beyond <see cref="KeptCheckpoints"/> the oldest goes.</summary>
    public Campaign Mark(string checkpoint)
    {
        var all = Checkpoints.Add(checkpoint);
        return this with { Checkpoints = all.Length > KeptCheckpoints ? all.RemoveAt(0) : all };
    }

    /// <summary>
    /// A variable of the campaign, or else of the mission; null if there is none of that name.
    /// </summary>
    public JsonElement? Variable(string name) =>
        PersistentVariables.TryGetValue(name, out var persistent) ? persistent
        : MissionVariables.TryGetValue(name, out var ofMission) ? ofMission
        : null;

    /// <summary>How a wingman is; <c>alive</c> if nothing is known.</summary>
    public string Wingman(string name) => Wingmen.GetValueOrDefault(name, "alive");

    /// <summary>The whole campaign as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SojournJson.Stored);

    /// <summary>Reads what <see cref="ToJson"/> wrote, here or in another version.</summary>
    /// <exception cref="JsonException">It is no campaign.</exception>
    public static Campaign FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<Campaign>(json, SojournJson.Stored)
        ?? throw new JsonException("A campaign is a JSON object; this is 'null'.");
}
