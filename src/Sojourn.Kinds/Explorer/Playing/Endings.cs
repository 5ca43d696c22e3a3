namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>When a game is over. The order decides what counts if several apply: defeats come before victory.</summary>
internal static class Endings
{
    public static Ending? Of(Game game) =>
        game.Health <= 0 ? Lost(EndReason.Died, "You died, far from home.")
        : game.Hull <= 0 && game.Pod is null
            ? Lost(EndReason.ShipDestroyed, "The ship breaks apart, and there is no pod.")
        : game.Pod is { Flying: true, Hp: <= 0 } ? Lost(EndReason.PodDestroyed, "The pod gives way.")
        : game.Fuel <= 0 ? Lost(EndReason.Stranded, "The tank is empty. You drift.")
        : game.Wealth >= game.Rules.VictoryWealth
            ? new Ending(true, EndReason.Wealthy, $"{game.Wealth:N0} credits: rich enough to stop. You made it.")
        : game.Turn >= game.Rules.MaxTurns
            ? Lost(EndReason.OutOfTime, $"{game.Rules.MaxTurns:N0} turns are over, and the fortune is not made.")
        : null;

    private static Ending Lost(EndReason reason, string text) => new(false, reason, text);
}
