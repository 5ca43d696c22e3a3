using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>How a save came about.</summary>
public enum SaveType
{
    /// <summary>The player asked for it.</summary>
    Manual,

    /// <summary>The game did it by itself.</summary>
    Auto,

    /// <summary>One key.</summary>
    Quick,

    /// <summary>A point that a crash recovers to.</summary>
    Checkpoint,
}

/// <summary>
/// What a game says of a save for the list that players choose from. It is read without reading the save itself. Texts
/// may have 200 characters, the description 1,000; the defaults say nothing.
/// </summary>
public sealed record SaveDetails
{
    /// <summary>How it came about; by default the player asked for it.</summary>
    public SaveType Type { get; init; }

    /// <summary>The pilot's callsign.</summary>
    public string Callsign { get; init; } = "";

    /// <summary>The pilot's rank.</summary>
    public string PilotRank { get; init; } = "";

    /// <summary>What the player calls the save; null if there is no name.</summary>
    public string? Name { get; init; }

    /// <summary>The campaign's name.</summary>
    public string Campaign { get; init; } = "";

    /// <summary>The campaign's file.</summary>
    public string CampaignFile { get; init; } = "";

    /// <summary>The mission's name.</summary>
    public string Mission { get; init; } = "";

    /// <summary>A sentence or two for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The game's own version.</summary>
    public string GameVersion { get; init; } = "";

    /// <summary>The pilot's score.</summary>
    public long Score { get; init; }

    /// <summary>Missions flown, from 0.</summary>
    public int MissionsFlown { get; init; }

    /// <summary>The mission's place in its campaign, from 0.</summary>
    public int MissionIndex { get; init; }

    /// <summary>How much of the campaign is done, 0 to 1.</summary>
    public double CampaignCompletion { get; init; }

    /// <summary>How long the player has sat there; not negative.</summary>
    public TimeSpan RealPlayTime { get; init; }

    /// <summary>How much time has passed in the game's world; not negative.</summary>
    public TimeSpan GamePlayTime { get; init; }

    /// <summary>A picture of the game as PNG, at most <see cref="SaveSlotsOptions.MaxScreenshotBytes"/>; may be empty.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Screenshot { get; init; }

    /// <summary>The play session that it is of; null if the game has none.</summary>
    public string? PlayId { get; init; }

    /// <summary>The state that the game was in; null if it has none.</summary>
    public string? GameState { get; init; }

    /// <summary>The game's own words: at most 64, keys of 64 characters, values of 1,000.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();

    /// <summary>What another version wrote here and this one does not know; kept when a save is copied.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}
