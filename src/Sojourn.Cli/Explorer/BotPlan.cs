namespace Sojourn.Cli.Explorer;

/// <summary>What the bots are to do.</summary>
/// <param name="Players">How many there are.</param>
/// <param name="Seed">What their maps and their minds are made from.</param>
/// <param name="Games">How many games each of them plays.</param>
/// <param name="Turns">After how many turns a game is left; null for when it is over.</param>
/// <param name="Concurrency">How many of them ask the server for something at a time.</param>
/// <param name="RuleSet">The figures of the games; null for the usual ones.</param>
/// <param name="Remove">Whether games are removed once they are over or left.</param>
internal sealed record BotPlan(
    int Players, int Seed, int Games, int? Turns, int Concurrency, string? RuleSet, bool Remove)
{
    /// <summary>What all games of bots are labelled with, so that they are told from people's.</summary>
    public const string Label = "bots";

    public string LabelValue => $"seed-{Seed}";
}
