using System.Text.Json;
using Sojourn.Kinds.Explorer.Map;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>Makes saves of games, and games of saves.</summary>
internal static class SavedGames
{
    // What is missing or null where nothing may be is a fault of the save and not of the rules that stumble over it.
    private static readonly JsonSerializerOptions Reading = new(SojournJson.Stored)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly string Version = typeof(Game).Assembly.GetName().Version!.ToString(3);

    public static Save Of(SessionView<Game> session)
    {
        var game = JsonSerializer.Serialize(session.State, SojournJson.Stored);
        return new Save(default, default, Describe(session.State, session.Status), game, Save.HashOf(game))
        {
            Origin = new SaveOrigin(session.CreatedAt, session.Version, session.LastEvent),
        };
    }

    /// <summary>The game in a save, if it is as it was written.</summary>
    /// <returns>What is wrong with it, as a sentence; null if nothing is.</returns>
    public static string? TryRead(Save save, out Game? game)
    {
        game = null;
        return Save.HashOf(save.Game) == save.Sha256
            ? TryRead(save.Game, out game) : "what it holds does not match its checksum.";
    }

    /// <summary>As the other, for the game alone.</summary>
    public static string? TryRead(string json, out Game? game)
    {
        try
        {
            game = JsonSerializer.Deserialize<Game>(json, Reading);
            return game is null ? "it holds no game." : GameCheck.FaultOf(game);
        }
        catch (JsonException)
        {
            game = null;
            return "it holds no game that this version can read.";
        }
    }

    private static SaveMetadata Describe(Game game, string status)
    {
        var map = StarMap.Of(game.MapSeed);
        var here = map[game.At];
        return new SaveMetadata(
            game.Pilot, game.Turn, game.Wealth, game.Health, game.Hull, game.Pod is { Flying: true } ? "pod" : game.Ship,
            $"{here.Name} ({map.RegionOf(here).Name})", status, Version, game.MapSeed);
    }
}
