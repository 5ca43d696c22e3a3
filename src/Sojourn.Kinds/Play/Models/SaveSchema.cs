using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sojourn.Kinds.Play.Models;

/// <summary>
/// The versions of a game's saved JSON: each older one is brought to the next by a step, and what a newer game wrote into
/// members that this one does not know is kept. Immutable.
/// </summary>
/// <example>
/// <code>
/// var schema = new SaveSchema()
///     .Upgrade(save => save["rank"] ??= "Ensign")            // 1 becomes 2
///     .Upgrade(save => save["score"] = (long)save["points"]!); // 2 becomes 3
/// </code>
/// </example>
public sealed class SaveSchema
{
    private const string VersionMember = "version";

    private readonly Action<JsonObject>[] _steps;

    /// <summary>The first version, 1.</summary>
    public SaveSchema()
        : this([])
    {
    }

    private SaveSchema(Action<JsonObject>[] steps) => _steps = steps;

    /// <summary>The version that is written; the first is 1.</summary>
    public int Version => _steps.Length + 1;

    /// <summary>The schema after this one.</summary>
    /// <param name="step">Changes a save of this schema's <see cref="Version"/> to one of the next.</param>
    public SaveSchema Upgrade(Action<JsonObject> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new([.. _steps, step]);
    }

    /// <summary>Reads a save of any version up to this one.</summary>
    /// <param name="json">UTF-8.</param>
    /// <returns>The save as this version has it, members that nobody knows included.</returns>
    /// <exception cref="JsonException">It is no JSON object, or names no version.</exception>
    /// <exception cref="NewerSaveException">A newer version of the game wrote it.</exception>
    public JsonObject Read(ReadOnlySpan<byte> json)
    {
        var save = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("A save is a JSON object; this is not.");
        if (save[VersionMember] is not JsonValue value || !value.TryGetValue(out int version) || version < 1)
        {
            throw new JsonException($"A save says its version as a number from 1 in '{VersionMember}'; this one does not.");
        }

        if (version > Version)
        {
            throw new NewerSaveException(version, Version);
        }

        for (; version < Version; version++)
        {
            _steps[version - 1](save);
            save[VersionMember] = version + 1;
        }

        return save;
    }

    /// <summary>Writes a save, with this version's number.</summary>
    public byte[] Write(JsonObject save)
    {
        ArgumentNullException.ThrowIfNull(save);
        var copy = (JsonObject)save.DeepClone();
        copy[VersionMember] = Version;
        return JsonSerializer.SerializeToUtf8Bytes(copy);
    }
}

/// <summary>A save is of a newer version than this game knows; it was not touched.</summary>
public sealed class NewerSaveException(int found, int known) : Exception(
    $"The save is of version {found}; this game knows versions up to {known}. Update the game; the save was not touched.")
{
    /// <summary>The save's version.</summary>
    public int Found => found;

    /// <summary>The newest version that this game knows.</summary>
    public int Known => known;
}
