using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>Quests: offered at inhabited places, done at another place of the same region, in time.</summary>
internal static class Questing
{
    /// <summary>The chance that what a quest risks is harmed.</summary>
    public const double RiskChance = 0.5;

    /// <summary>And by how much: from, and up to but not including.</summary>
    public static readonly (int From, int Below) Harm = (10, 26);

    private const string Offer = "offer-";
    private const string Task = "quest-";

    /// <summary>Perhaps somebody here has a task.</summary>
    /// <returns>True if so.</returns>
    public static bool MaybeOffer(Turn turn)
    {
        var now = turn.Now;
        string[] targets = [.. now.Region.Nodes.Where(id => id != now.Here.Id && !now.Game.Visited.Contains(id))];
        if (now.Game.Quest is not null || !now.Here.IsInhabited || targets.Length == 0
            || !turn.Dice.Chance(now.Rules.QuestOfferChance))
        {
            return false;
        }

        var type = QuestType.All[turn.Dice.Next(QuestType.All.Count)];
        var target = targets[turn.Dice.Next(targets.Length)];
        var pay = type.Gain == Gain.Wealth ? $"{type.Reward} credits" : $"{type.Reward} fuel";
        Meeting.Begin(turn, new Encounter(Offer + type.Id, type.Name,
            $"{type.Offer} It would lead to {now.Map[target].Name}, within {now.Rules.QuestTurns} turns, and pays "
            + $"{pay}.",
            [new Choice("accept", "Accept"), new Choice("decline", "Decline")])
        {
            Target = target,
        });
        return true;
    }

    /// <summary>At the place where a quest is done, it asks whether to begin.</summary>
    /// <returns>True if so.</returns>
    public static bool MaybeReach(Turn turn)
    {
        if (turn.Game.Quest is not { } quest || quest.Target != turn.Game.At)
        {
            return false;
        }

        Meeting.Begin(turn, new Encounter(Task + quest.Id, quest.Name, QuestType.Of(quest.Id).Task,
            [new Choice("go", "Go in"), new Choice("later", "Not now")]));
        return true;
    }

    /// <summary>Does what was answered to a quest.</summary>
    /// <returns>False if the encounter was none of a quest's.</returns>
    public static bool Answer(Turn turn, Encounter encounter, Choice answer)
    {
        if (encounter.Id.StartsWith(Offer, StringComparison.Ordinal))
        {
            if (answer.Id == "accept")
            {
                Accept(turn, QuestType.Of(encounter.Id[Offer.Length..]), encounter.Target!);
            }

            return true;
        }

        if (!encounter.Id.StartsWith(Task, StringComparison.Ordinal))
        {
            return false;
        }

        if (answer.Id == "go")
        {
            Complete(turn, QuestType.Of(encounter.Id[Task.Length..]));
        }

        return true;
    }

    public static Refusal? CheckAbandon(Situation now) =>
        now.CheckCalm() ?? (now.Game.Quest is null ? No.Because("no-quest", "You have no quest.") : null);

    public static Refusal? Abandon(Turn turn)
    {
        if (CheckAbandon(turn.Now) is { } refusal)
        {
            return refusal;
        }

        Fail(turn, $"You give up: {turn.Game.Quest!.Name}.");
        return null;
    }

    /// <summary>A quest whose last turn is over has failed.</summary>
    public static void Expire(Turn turn)
    {
        if (turn.Game.Quest is { } quest && turn.Game.Turn > quest.DueTurn)
        {
            Fail(turn, $"Too late for: {quest.Name}.");
        }
    }

    private static void Accept(Turn turn, QuestType type, string target)
    {
        var quest = new Quest(type.Id, type.Name, target, turn.Game.Turn + turn.Game.Rules.QuestTurns);
        turn.Game = turn.Game with { Quest = quest };
        turn.Load(Item.Of(type.Token), 1);
        turn.Tell(OutcomeType.Success,
            $"{type.Name}: {turn.Now.Map[target].Name}, by turn {quest.DueTurn}.",
            told => new QuestAccepted(told, quest));
    }

    private static void Complete(Turn turn, QuestType type)
    {
        if (type.Risk != Risk.None && turn.Dice.Chance(RiskChance))
        {
            var harm = turn.Dice.Next(Harm.From, Harm.Below);
            if (type.Risk == Risk.Health)
            {
                turn.HurtPilot(harm, $"It costs you {harm} health.");
            }
            else
            {
                turn.HurtShip(harm, $"It costs {harm} hull.");
            }

            if (Endings.Of(turn.Game) is not null)
            {
                // Nobody is left to be paid.
                return;
            }
        }

        Drop(turn);
        if (type.Gain == Gain.Wealth)
        {
            turn.Earn(type.Reward);
        }
        else
        {
            turn.AddFuel(type.Reward);
        }

        turn.Game = turn.Game with { CompletedQuests = [.. turn.Game.CompletedQuests, type.Id] };
        turn.Tell(OutcomeType.Success,
            $"{type.Name} is done: {type.Reward} {(type.Gain == Gain.Wealth ? "credits" : "fuel")}.",
            told => new QuestCompleted(told, type.Id));
    }

    private static void Fail(Turn turn, string text)
    {
        var quest = turn.Game.Quest!.Id;
        Drop(turn);
        turn.Tell(OutcomeType.Warning, text, told => new QuestFailed(told, quest));
    }

    private static void Drop(Turn turn)
    {
        var token = QuestType.Of(turn.Game.Quest!.Id).Token;
        if (turn.Now.Has(token) > 0)
        {
            turn.Unload(token, 1);
        }

        turn.Game = turn.Game with { Quest = null };
    }
}
