using System.Text.Json.Nodes;
using Sojourn.Kinds.Play.Games;
using Sojourn.Kinds.Play.Models;
using Sojourn.Kinds.Play.Saves;

namespace SpaceGame;

/// <summary>All that the game is: a pilot, a campaign, and how far the flight is. Immutable, so that any thread may save
/// it.</summary>
internal sealed record Flight(PilotProfile Pilot, Campaign Campaign, long Tick)
{
    /// <summary>How many ticks a mission takes.</summary>
    public const int MissionTicks = 80;

    private const string GamePart = "game";

    private static readonly SaveSchema Schema = new();

    /// <summary>True in the tick in which a mission is done.</summary>
    public bool IsMissionOver => Tick > 0 && Tick % MissionTicks == 0;

    public static Flight Begin(string pilot) => new(
        new PilotProfile { Callsign = Callsign.Parse(pilot).ToString() },
        new Campaign { File = "vega.fc2", Name = "Vega Sector", TotalMissions = 1000 },
        0);

    /// <summary>The next moment of the flight.</summary>
    public Flight Next()
    {
        var next = this with { Tick = Tick + 1, Pilot = Pilot with { Score = Pilot.Score + 7 } };
        return !next.IsMissionOver ? next : next with
        {
            Pilot = next.Pilot with { MissionsFlown = next.Pilot.MissionsFlown + 1 },
            Campaign = Campaign.Complete(Campaign.MissionIndex % Campaign.TotalMissions, 7 * MissionTicks),
        };
    }

    /// <summary>The flight as a save: three parts that are written together or not at all.</summary>
    public GameCapture Capture() => new(
        SaveContent.Of("pilot", Pilot.ToJson())
            .With("campaign", Campaign.ToJson())
            .With(GamePart, Schema.Write(new JsonObject { ["tick"] = Tick })),
        new SaveDetails
        {
            Callsign = Pilot.Callsign,
            Score = Pilot.Score,
            MissionsFlown = Pilot.MissionsFlown,
            Campaign = Campaign.Name,
            CampaignFile = Campaign.File,
            CampaignCompletion = Campaign.Completion,
            MissionIndex = Campaign.MissionIndex,
            Mission = $"Mission {Campaign.MissionIndex + 1}",
            Extra = new Dictionary<string, string> { ["tick"] = $"{Tick}" },
        });

    /// <summary>The flight that was saved.</summary>
    public static Flight From(SaveContent content) => new(
        PilotProfile.FromJson(content["pilot"].Span),
        Campaign.FromJson(content["campaign"].Span),
        (long)Schema.Read(content[GamePart].Span)["tick"]!);
}
