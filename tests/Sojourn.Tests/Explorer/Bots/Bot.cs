using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Showing;

namespace Sojourn.Tests.Explorer.Bots;

/// <summary>Somebody who plays by what is offered, and knows no more than a client would.</summary>
internal abstract class Bot
{
    /// <summary>Picks one of the actions that are available now.</summary>
    public abstract GameAction Pick(Game game, GameOptions options, Dice dice);

    protected static T Any<T>(IReadOnlyList<T> some, Dice dice) => some[dice.Next(some.Count)];
}

/// <summary>Picks anything: a group of actions, and one of it.</summary>
internal sealed class RandomBot : Bot
{
    public override GameAction Pick(Game game, GameOptions options, Dice dice)
    {
        var available = options.Actions.Where(action => action.Available).ToList();
        ActionGroup[] groups = [.. available.Select(action => action.Group).Distinct()];
        var group = Any(groups, dice);
        return Any(available.Where(action => action.Group == group).ToList(), dice);
    }
}
