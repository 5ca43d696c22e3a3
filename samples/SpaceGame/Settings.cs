using System.Globalization;

namespace SpaceGame;

/// <summary>What the game was started with.</summary>
internal sealed record Settings
{
    public const string Usage = "SpaceGame [--folder DIR] [--pilot NAME] [--checkpoint SECONDS] "
        + "[--crash-after SECONDS] [--fail-after SECONDS] [--recover yes|no|later|ask] [--missions N] "
        + "[--save-every TICKS]";

    /// <summary>Where saves and sessions are kept.</summary>
    public string Folder { get; private init; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "sojourn-space-game");

    public string Pilot { get; private init; } = "Maverick";

    /// <summary>How far apart checkpoints are.</summary>
    public double CheckpointSeconds { get; private init; } = 300;

    /// <summary>When to crash; null for never.</summary>
    public double? CrashAfter { get; private init; }

    /// <summary>When to leave with an exit code that is not 0; null for never.</summary>
    public double? FailAfter { get; private init; }

    /// <summary>What to do about a game that was cut off.</summary>
    public string Recover { get; private init; } = "ask";

    /// <summary>How many missions to fly.</summary>
    public int Missions { get; private init; } = int.MaxValue;

    /// <summary>How often the pilot saves, in ticks; 0 for never. Missions that are over are saved then, too.</summary>
    public int SaveEvery { get; private init; } = 30;

    /// <summary>Null if there is something that nobody understands.</summary>
    public static Settings? Parse(string[] args)
    {
        var settings = new Settings();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var value])
            {
                return null;
            }

            var isNumber = double.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= 0;
            switch (name)
            {
                case "--folder":
                    settings = settings with { Folder = value };
                    break;
                case "--pilot":
                    settings = settings with { Pilot = value };
                    break;
                case "--recover" when value is "yes" or "no" or "later" or "ask":
                    settings = settings with { Recover = value };
                    break;
                case "--checkpoint" when isNumber:
                    settings = settings with { CheckpointSeconds = number };
                    break;
                case "--crash-after" when isNumber:
                    settings = settings with { CrashAfter = number };
                    break;
                case "--fail-after" when isNumber:
                    settings = settings with { FailAfter = number };
                    break;
                case "--missions" when isNumber:
                    settings = settings with { Missions = (int)number };
                    break;
                case "--save-every" when isNumber:
                    settings = settings with { SaveEvery = (int)number };
                    break;
                default:
                    return null;
            }
        }

        return settings;
    }
}
