using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Play;

/// <summary>Reads what a save is about from the address of its upload.</summary>
internal static class CloudDetails
{
    /// <summary>The longest texts, in characters.</summary>
    public const int LongestText = 128, LongestDescription = 1_000;

    private const double LongestPlay = 1e9;

    private static readonly string[] Types = ["manual", "auto", "quick", "checkpoint"];

    /// <summary>The parameters with what they say, for those who describe them.</summary>
    public static IReadOnlyList<(string Name, string Type, string Says)> Parameters { get; } =
    [
        ("savedAt", "date-time", "When the game saved, by its own clock."),
        ("type", "string", "`manual` (the default), `auto`, `quick` or `checkpoint`."),
        ("name", "string", "What the player called it."),
        ("callsign", "string", "The pilot's callsign."),
        ("pilotRank", "string", "The pilot's rank."),
        ("campaign", "string", "The campaign."),
        ("mission", "string", "The mission."),
        ("description", "string", $"More, in a sentence of at most {LongestDescription} characters."),
        ("completion", "number", "How much of the campaign is done, 0 to 1."),
        ("score", "integer", "The score."),
        ("missionsFlown", "integer", "How many missions were flown."),
        ("realPlaySeconds", "number", "Seconds that were played, by the clock on the wall."),
        ("gamePlaySeconds", "number", "Seconds that passed in the game."),
        ("gameVersion", "string", "The version of the game that wrote it."),
        ("device", "string", "The machine that it comes from."),
    ];

    /// <summary>Reads them all.</summary>
    /// <param name="request">The request.</param>
    /// <param name="given">What the save itself says, which the address may override.</param>
    /// <param name="details">What it is about.</param>
    public static HttpProblem? Read(HttpRequest request, CloudSaveDetails given, out CloudSaveDetails details)
    {
        var reading = new Reading(request);
        details = given with
        {
            SavedAt = reading.Time("savedAt") ?? given.SavedAt,
            Type = reading.Choice("type", Types) ?? given.Type,
            Name = reading.Text("name") ?? given.Name,
            Callsign = reading.Text("callsign") ?? given.Callsign,
            PilotRank = reading.Text("pilotRank") ?? given.PilotRank,
            Campaign = reading.Text("campaign") ?? given.Campaign,
            Mission = reading.Text("mission") ?? given.Mission,
            Description = reading.Text("description", LongestDescription) ?? given.Description,
            Completion = reading.Number("completion", 1) ?? given.Completion,
            Score = reading.Whole("score", long.MinValue, long.MaxValue) ?? given.Score,
            MissionsFlown = (int?)reading.Whole("missionsFlown", 0, int.MaxValue) ?? given.MissionsFlown,
            RealPlaySeconds = reading.Number("realPlaySeconds", LongestPlay) ?? given.RealPlaySeconds,
            GamePlaySeconds = reading.Number("gamePlaySeconds", LongestPlay) ?? given.GamePlaySeconds,
            GameVersion = reading.Text("gameVersion") ?? given.GameVersion,
            Device = reading.Text("device") ?? given.Device,
        };
        return reading.Problem;
    }

    /// <summary>Reads one after another, and keeps the first fault.</summary>
    private sealed class Reading(HttpRequest request)
    {
        public HttpProblem? Problem { get; private set; }

        public string? Text(string name, int longest = LongestText)
        {
            var text = Raw(name);
            return text is null || (text.Length <= longest && !text.Any(char.IsControl))
                ? text : Fail<string>(name, $"have at most {longest} characters, and no control characters");
        }

        public string? Choice(string name, string[] choices)
        {
            var text = Raw(name);
            return text is null || choices.Contains(text)
                ? text : Fail<string>(name, $"be one of {string.Join(", ", choices)}");
        }

        public double? Number(string name, double most)
        {
            var text = Raw(name);
            return text is null ? null
                : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && number >= 0 && number <= most ? number
                : FailValue<double>(name, $"be a number from 0 to {most.ToString(CultureInfo.InvariantCulture)}");
        }

        public long? Whole(string name, long least, long most)
        {
            var text = Raw(name);
            return text is null ? null
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most ? number
                : FailValue<long>(name, $"be a whole number from {least} to {most}");
        }

        public DateTimeOffset? Time(string name)
        {
            if (!Query.TryReadTime(request, name, out var time, out var fault))
            {
                Problem ??= fault;
            }

            return time;
        }

        private string? Raw(string name)
        {
            if (!Query.TryRead(request, name, out var text, out var fault))
            {
                Problem ??= fault;
            }

            return text;
        }

        private T? Fail<T>(string name, string must)
            where T : class
        {
            Problem ??= HttpProblem.BadParameter(name, $"'{name}' must {must}.");
            return null;
        }

        private T? FailValue<T>(string name, string must)
            where T : struct
        {
            Problem ??= HttpProblem.BadParameter(name, $"'{name}' must {must}.");
            return null;
        }
    }
}
