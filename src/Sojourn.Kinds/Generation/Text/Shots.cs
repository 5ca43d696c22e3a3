namespace Sojourn.Kinds.Generation.Text;

/// <summary>How the camera sees a scene.</summary>
internal enum Shot
{
    Establishing,
    Wide,
    Medium,
    TwoShot,
    OverTheShoulder,
    CloseUp,
    LowAngle,
    HighAngle,
    Tracking,
}

internal static class Shots
{
    private static readonly (Shot Shot, string Label)[] Labels =
    [
        (Shot.Establishing, "Establishing wide shot"),
        (Shot.OverTheShoulder, "Over-the-shoulder shot"),
        (Shot.TwoShot, "Two-shot"),
        (Shot.CloseUp, "Close-up"),
        (Shot.LowAngle, "Low-angle shot"),
        (Shot.HighAngle, "High-angle shot"),
        (Shot.Tracking, "Tracking shot"),
        (Shot.Medium, "Medium shot"),
        (Shot.Wide, "Wide shot"),
    ];

    public static string Label(Shot shot) => Labels.First(known => known.Shot == shot).Label;

    /// <summary>The shot that a prompt asks for; a medium one if it asks for none.</summary>
    public static Shot In(string prompt) => Labels
        .Select(known => (known.Shot, At: prompt.IndexOf(known.Label, StringComparison.OrdinalIgnoreCase)))
        .Where(found => found.At >= 0)
        .OrderBy(found => found.At)
        .Select(found => (Shot?)found.Shot)
        .FirstOrDefault() ?? Shot.Medium;

    /// <summary>
    /// The shots that would suit what happens, the best first. The first scene shows where we are; after that
    /// speech, action, feelings and arrivals decide, and no shot follows itself.
    /// </summary>
    public static Shot Choose(SceneFacts facts, Shot? previous, int revision)
    {
        Shot[] suited =
        [
            .. facts.Number == 1 ? [Shot.Establishing] : Array.Empty<Shot>(),
            .. facts.Speech >= 2 && facts.People.Count > 1 ? [Shot.OverTheShoulder, Shot.TwoShot] : Array.Empty<Shot>(),
            .. facts.Action >= 2 ? [Shot.Tracking, Shot.LowAngle] : Array.Empty<Shot>(),
            .. facts.Feeling >= 2 && facts.People.Count > 0 ? [Shot.CloseUp] : Array.Empty<Shot>(),
            .. facts.Speech >= 2 && facts.People.Count == 1 ? [Shot.CloseUp, Shot.Medium] : Array.Empty<Shot>(),
            .. facts.Arrival > 0 ? [Shot.Wide, Shot.LowAngle] : Array.Empty<Shot>(),
            .. facts.People.Count > 1 ? [Shot.Medium, Shot.TwoShot] : Array.Empty<Shot>(),
            .. facts.People.Count == 1 ? [Shot.Medium, Shot.HighAngle] : new[] { Shot.Wide, Shot.HighAngle },
            Shot.Wide, Shot.LowAngle, Shot.Medium,
        ];
        Shot[] fresh = [.. suited.Distinct().Where(shot => shot != previous)];
        return fresh[(revision - 1) % fresh.Length];
    }
}
