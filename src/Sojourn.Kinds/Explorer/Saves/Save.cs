using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>Why a save was written.</summary>
public enum SaveReason
{
    /// <summary>The player asked for it.</summary>
    Manual,

    /// <summary>The ship travelled, mined or salvaged, or everything was saved.</summary>
    Automatic,

    /// <summary>Nobody had played for a while, and the game left memory.</summary>
    Idle,
}

/// <summary>Which of a slot's two saves.</summary>
public enum SaveGeneration
{
    /// <summary>The newest.</summary>
    Current,

    /// <summary>The one that it took the place of.</summary>
    Previous,
}

/// <summary>What a save is about, to be shown without reading the game in it.</summary>
/// <param name="Pilot">What the player is called.</param>
/// <param name="Turn">Turns taken.</param>
/// <param name="Wealth">Credits.</param>
/// <param name="Health">The pilot's health.</param>
/// <param name="Hull">The ship's hull.</param>
/// <param name="Ship">The ship's type; its pod's, if that flies.</param>
/// <param name="Location">The place, and in brackets its region.</param>
/// <param name="Status">The game's status.</param>
/// <param name="GameVersion">The version of the program that wrote it.</param>
/// <param name="MapSeed">What the map is made from.</param>
public sealed record SaveMetadata(
    string Pilot, int Turn, int Wealth, int Health, int Hull, string Ship, string Location, string Status,
    string GameVersion, int MapSeed);

/// <summary>
/// The step of a game that a save was taken after. Steps of one life of a session can be told older from newer.
/// </summary>
/// <param name="Life">When that life of the session began.</param>
/// <param name="Version">The session's version.</param>
/// <param name="LastEvent">Its newest event.</param>
internal sealed record SaveOrigin(DateTimeOffset Life, long Version, long LastEvent);

/// <summary>A saved game.</summary>
/// <param name="SavedAt">When, UTC.</param>
/// <param name="Reason">Why.</param>
/// <param name="Metadata">What it is about.</param>
/// <param name="Game">The game as JSON, exactly as it was written.</param>
/// <param name="Sha256">Of <paramref name="Game"/> in UTF-8, in lower-case hexadecimal.</param>
internal sealed record Save(
    DateTimeOffset SavedAt, SaveReason Reason, SaveMetadata Metadata, string Game, string Sha256)
{
    /// <summary>The step it was taken after; null if it came from a file.</summary>
    public SaveOrigin? Origin { get; init; }

    public static string HashOf(string game) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(game)));
}

/// <summary>What a slot holds. Both are null until something was first saved to it.</summary>
internal sealed record SavedSlot(Save? Current = null, Save? Previous = null);

/// <summary>Makes a slot, with nothing in it yet.</summary>
internal sealed record OpenSlot : IStart<SavedSlot>;

/// <summary>Saves to a slot. What was there stays as the older generation.</summary>
/// <param name="Reason">Why.</param>
/// <param name="File">The SHA-256 of what is imported; null for a game that is saved as it stands.</param>
/// <remarks>
/// The save itself is no part of what makes two of these equal: who repeats a request to save, under the same operation
/// id, means the save of the first time, however far the game has gone since.
/// </remarks>
internal sealed record WriteSave(SaveReason Reason, string? File) : ICommand
{
    [JsonIgnore]
    public Save Save { get; init; } = null!;
}
