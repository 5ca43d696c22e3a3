using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>What can be done with what is on board.</summary>
internal static class OnBoard
{
    public static Refusal? CheckUse(Situation now, string? id)
    {
        var busy = now.CheckOn() ?? (now.Game.Encounter is null ? null : now.CheckCalm());
        if ((busy ?? Trading.CheckHeld(now, id, 1)) is { } refusal)
        {
            return refusal;
        }

        var item = Item.Of(id!);
        return !item.CanBeUsed ? No.Because("not-usable", $"{item.Name} cannot be used, only traded.")
            : now.InPod && (item.Hull > 0 || item.ShieldHp > 0) ? No.InPod()
            : item.Hull > 0 && now.Game.Hull >= now.Stats.MaxHull ? No.Because("hull-whole", "The hull is whole.")
            : item.Fuel > 0 && now.Game.Fuel >= now.Rules.MaxFuel ? No.Because("tank-full", "The tank is full.")
            : item.Health > 0 && now.Game.Health >= now.Rules.MaxHealth
            ? No.Because("healthy", "You are in full health.")
            : null;
    }

    public static Refusal? Use(Turn turn, UseItem command)
    {
        if (CheckUse(turn.Now, command.Item) is { } refusal)
        {
            return refusal;
        }

        var item = Item.Of(command.Item);
        turn.Unload(item.Id, 1);
        turn.AddFuel(item.Fuel);
        turn.AddHealth(item.Health);
        if (item.ShieldHp > 0)
        {
            turn.Add(new TimedEffect(TimedEffect.TempHp, item.ShieldHp, item.ShieldTurns));
            turn.AddHull(item.ShieldHp);
        }

        turn.AddHull(item.Hull);
        turn.Tell(OutcomeType.Success, $"{item.Name} used: {What(item)}.", told => new Used(told, item.Id, 1));
        if (turn.Game.Fight is not null)
        {
            Fighting.SpendRound(turn);
        }

        return null;
    }

    public static Refusal? CheckEat(Situation now, int amount) =>
        now.CheckCalm()
        ?? (amount < 1 ? No.Such("amount", "out-of-range", "'amount' must be at least 1.")
            : now.Game.Food < 1 ? No.Because("no-food", "There is no food on board.")
            : now.Game.Health >= now.Rules.MaxHealth ? No.Because("healthy", "You are in full health.")
            : null);

    public static Refusal? Eat(Turn turn, Eat command)
    {
        var now = turn.Now;
        if (CheckEat(now, command.Amount) is { } refusal)
        {
            return refusal;
        }

        var eaten = Eaten(now, command.Amount);
        turn.AddFood(-eaten);
        turn.AddHealth(eaten * now.Rules.HealthPerFood);
        turn.Tell(OutcomeType.Success, $"You eat {eaten} food; your health is {turn.Game.Health}.",
            told => new Used(told, "food", eaten));
        return null;
    }

    /// <summary>What is eaten of so much: no more than there is, and nothing that would be wasted.</summary>
    public static int Eaten(Situation now, int amount)
    {
        var perFood = now.Rules.HealthPerFood;
        var needed = (now.Rules.MaxHealth - now.Game.Health + perFood - 1) / perFood;
        return Math.Min(amount, Math.Min(now.Game.Food, needed));
    }

    public static Refusal? CheckJettison(Situation now, string? id, int quantity) =>
        now.CheckCalm()
        ?? Trading.CheckHeld(now, id, quantity)
        ?? (Item.Of(id!).CanBeSold ? null
            : No.Because("needed", "The quest needs it. Abandon the quest to be rid of it."));

    public static Refusal? Jettison(Turn turn, Jettison command)
    {
        if (CheckJettison(turn.Now, command.Item, command.Quantity) is { } refusal)
        {
            return refusal;
        }

        turn.Unload(command.Item, command.Quantity);
        turn.Tell(OutcomeType.Info, $"{command.Quantity} {Item.Of(command.Item).Name.ToLowerInvariant()} drift off.",
            told => new Used(told, command.Item, command.Quantity));
        return null;
    }

    internal static string What(Item item) =>
        item.Hull > 0 ? $"{item.Hull} hull"
        : item.Fuel > 0 ? $"{item.Fuel} fuel"
        : item.Health > 0 ? $"{item.Health} health"
        : $"{item.ShieldHp} hull more for {item.ShieldTurns} turns";
}
