using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>What is met on the way and must be answered before anything else can be done.</summary>
internal static class Meeting
{
    public static void Maybe(Turn turn)
    {
        if (!turn.Dice.Chance(turn.Game.Rules.RandomEventChance))
        {
            return;
        }

        var type = EncounterType.All[turn.Dice.Next(EncounterType.All.Count)];
        Begin(turn, new Encounter(type.Id, type.Title, type.Text,
            [.. type.Choices.Select(choice => new Choice(choice.Id, choice.Text))]));
    }

    public static void Begin(Turn turn, Encounter encounter)
    {
        turn.Game = turn.Game with { Encounter = encounter };
        turn.Tell(OutcomeType.Warning, $"{encounter.Title}. {encounter.Text}",
            told => new EncounterMet(told, encounter));
    }

    /// <summary>No, if a choice cannot be taken now: unknown, or not to be paid for.</summary>
    public static Refusal? Check(Situation now, string? answer)
    {
        if ((now.CheckOn() ?? (now.Game.Encounter is null
            ? No.Because("nothing-to-answer", "Nothing waits for an answer.") : null)) is { } refusal)
        {
            return refusal;
        }

        var encounter = now.Game.Encounter!;
        return encounter.Choices.All(choice => choice.Id != answer)
            ? No.Unknown("answer", "choice", answer, encounter.Choices.Select(choice => choice.Id))
            : EncounterType.Find(encounter.Id)?.Choices.FirstOrDefault(choice => choice.Id == answer) is { } choice
            ? CheckPrice(now, choice)
            : null;
    }

    public static Refusal? Choose(Turn turn, Choose command)
    {
        var now = turn.Now;
        if (Check(now, command.Answer) is { } refusal)
        {
            return refusal;
        }

        var encounter = now.Game.Encounter!;
        var answer = encounter.Choices.First(choice => choice.Id == command.Answer);
        turn.Game = turn.Game with { Encounter = null };
        turn.Tell(OutcomeType.Info, $"{answer.Text}.", told => new ChoiceMade(told, encounter.Id, answer.Id));
        if (Questing.Answer(turn, encounter, answer))
        {
            return null;
        }

        var choice = EncounterType.Find(encounter.Id)!.Choices.First(each => each.Id == answer.Id);
        Pay(turn, choice);
        Happen(turn, Roll(choice.Outcomes, turn.Dice));
        return null;
    }

    private static Refusal? CheckPrice(Situation now, ChoiceType choice) =>
        now.CheckPrice("That", choice.Credits)
        ?? (choice.Fuel > 0 && now.Game.Fuel <= choice.Fuel
            ? No.Because("not-enough-fuel", $"That takes {choice.Fuel} fuel, which would leave you adrift.")
            : now.Game.Food < choice.Food
            ? No.Because("not-enough-food", $"That takes {choice.Food} food; you have {now.Game.Food}.")
            : choice.Item is { } item && now.Has(item) == 0
            ? No.Because("not-held", $"You have no {Item.Of(item).Name.ToLowerInvariant()}.")
            : choice is { Credits: > 0, Outcomes: [{ Item: { } bought }] } && now.RoomFor(Item.Of(bought)) == 0
            ? No.Because("hold-full", $"The hold has no room for {Item.Of(bought).Name.ToLowerInvariant()}.")
            : null);

    private static void Pay(Turn turn, ChoiceType choice)
    {
        turn.Spend(choice.Credits);
        turn.AddFuel(-choice.Fuel);
        turn.AddFood(-choice.Food);
        if (choice.Item is { } item)
        {
            turn.Unload(item, 1);
        }
    }

    private static ChoiceOutcome Roll(IReadOnlyList<ChoiceOutcome> outcomes, Dice dice)
    {
        var at = dice.Next(outcomes.Sum(outcome => outcome.Weight));
        return outcomes.First(outcome => (at -= outcome.Weight) < 0);
    }

    private static void Happen(Turn turn, ChoiceOutcome outcome)
    {
        turn.Earn(outcome.Wealth);
        turn.AddFuel(outcome.Fuel);
        turn.AddFood(outcome.Food);
        turn.Tell(outcome.Wealth > 0 || outcome.Fuel > 0 ? OutcomeType.Success : OutcomeType.Info, outcome.Text,
            told => new Explored(told));
        if (outcome.Item is { } item)
        {
            Exploring.Take(turn, "You take on", Item.Of(item), outcome.Quantity, (told, _) => new Explored(told));
        }

        if (outcome.Health < 0)
        {
            turn.HurtPilot(-outcome.Health, $"{-outcome.Health} health lost.");
        }

        if (outcome.Hull < 0)
        {
            turn.HurtShip(-outcome.Hull, $"{-outcome.Hull} damage to the hull.");
        }

        if (outcome.Enemy is { } enemy)
        {
            Fighting.Begin(turn, Enemy.Of(enemy));
        }
    }
}
