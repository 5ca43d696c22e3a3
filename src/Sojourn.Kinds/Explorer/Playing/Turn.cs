using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>
/// One action being played: the game as it has become so far, and what there is to tell. Made for one decision and
/// thrown away after it.
/// </summary>
internal sealed class Turn(Game game, RuleContext context)
{
    private readonly List<string> _texts = [];

    /// <summary>As it stands after what was played so far.</summary>
    public Game Game { get; set; } = game;

    public Situation Now => new(Game);

    public Dice Dice => context.Dice;

    public List<object> Events { get; } = [];

    public OutcomeType Type { get; private set; }

    /// <summary>True if nothing more can happen to this ship in this turn: it is lost, or the game.</summary>
    public bool IsCut { get; private set; }

    /// <summary>True if the ship has just come to where it never was.</summary>
    public bool IsFirstVisit { get; set; }

    public Outcome Outcome => new(Success: true, Type, string.Join(" ", _texts), Game.Turn)
    {
        Encounter = Game.Encounter,
        Fight = Game.Fight,
        Ending = Game.Ending,
    };

    /// <summary>Adds to what is told; the gravest type is that of the whole.</summary>
    public void Tell(OutcomeType type, string text, Func<string, object> happened)
    {
        Events.Add(happened(text));
        _texts.Add(text);
        Type = type > Type ? type : Type;
    }

    public void Earn(int credits) => Game = Game with
    {
        Wealth = Game.Wealth + credits,
        Statistics = Game.Statistics with { CreditsEarned = Game.Statistics.CreditsEarned + credits },
    };

    public void Spend(int credits) => Game = Game with
    {
        Wealth = Game.Wealth - credits,
        Statistics = Game.Statistics with { CreditsSpent = Game.Statistics.CreditsSpent + credits },
    };

    public void AddFuel(int fuel) => Game = Game with { Fuel = Math.Clamp(Game.Fuel + fuel, 0, Game.Rules.MaxFuel) };

    public void AddHealth(int health) =>
        Game = Game with { Health = Math.Clamp(Game.Health + health, 0, Game.Rules.MaxHealth) };

    public void AddFood(int food) => Game = Game with { Food = Math.Max(0, Game.Food + food) };

    public void AddHull(int hull) => Game = Game with { Hull = Math.Clamp(Game.Hull + hull, 0, Now.Stats.MaxHull) };

    /// <summary>Damages the pilot.</summary>
    public void HurtPilot(int damage, string text)
    {
        AddHealth(-damage);
        Tell(OutcomeType.Danger, text, told => new Harmed(told, 0, 0, damage));
        IsCut |= Game.Health == 0;
    }

    /// <summary>Damages the ship, or the pod if that is what flies. A ship that is destroyed ejects its pod.</summary>
    /// <param name="damage">How much.</param>
    /// <param name="text">How it came, for people.</param>
    /// <param name="happened">The event that tells of it; by default <see cref="Harmed"/>.</param>
    public void HurtShip(int damage, string text, Func<string, object>? happened = null)
    {
        if (Now.InPod)
        {
            HurtPod(damage, text);
            return;
        }

        AddHull(-damage);
        Tell(OutcomeType.Danger, text, happened ?? (told => new Harmed(told, damage, 0, 0)));
        if (Game.Hull == 0)
        {
            IsCut = true;
            Ejecting.IfPossible(this);
        }
    }

    /// <summary>Damages the pod, less what its armour takes.</summary>
    public void HurtPod(int damage, string text)
    {
        var taken = (int)Math.Ceiling(damage * (1 - PodStats.Of(Game).DamageReduction));
        Game = Game with { Pod = Game.Pod! with { Hp = Math.Max(0, Game.Pod.Hp - taken) } };
        Tell(OutcomeType.Danger, text, told => new Harmed(told, 0, taken, 0));
        IsCut |= Game.Pod!.Hp == 0;
    }

    /// <summary>Puts goods into the hold, as many as it takes.</summary>
    /// <returns>How many.</returns>
    public int Load(Item item, int quantity)
    {
        var taken = Math.Min(quantity, Now.RoomFor(item));
        if (taken > 0)
        {
            Game = Game with
            {
                Cargo = Now.Has(item.Id) == 0
                    ? [.. Game.Cargo, new Stack(item.Id, taken)]
                    : [.. Game.Cargo.Select(stack => stack.Item == item.Id
                        ? stack with { Quantity = stack.Quantity + taken } : stack)],
            };
        }

        return taken;
    }

    /// <summary>As <see cref="Load"/>, for what was found: it counts as collected.</summary>
    public int Collect(Item item, int quantity)
    {
        var taken = Load(item, quantity);
        Game = Game with
        {
            Statistics = Game.Statistics with { ItemsCollected = Game.Statistics.ItemsCollected + taken },
        };
        return taken;
    }

    /// <summary>Takes goods out of the hold, which must hold as many.</summary>
    public void Unload(string item, int quantity) => Game = Game with
    {
        Cargo = [.. Game.Cargo
            .Select(stack => stack.Item == item ? stack with { Quantity = stack.Quantity - quantity } : stack)
            .Where(stack => stack.Quantity > 0)],
    };

    /// <summary>
    /// Makes something work for some turns. What runs as long as another of its sort is added to it, so that there are
    /// never more of a sort than turns.
    /// </summary>
    public void Add(TimedEffect effect) => Game = Game with
    {
        Effects = Game.Effects.Any(each => each.Type == effect.Type && each.Turns == effect.Turns)
            ? [.. Game.Effects.Select(each => each.Type == effect.Type && each.Turns == effect.Turns
                ? each with { Value = each.Value + effect.Value } : each)]
            : [.. Game.Effects, effect],
    };

    /// <summary>
    /// A turn goes by: what works for some turns runs down, the drones repair, a quest's time runs out.
    /// </summary>
    public void Pass()
    {
        var effects = Game.Effects.Select(effect => effect with { Turns = effect.Turns - 1 }).ToList();
        Game = Game with { Turn = Game.Turn + 1, Effects = [.. effects.Where(effect => effect.Turns > 0)] };
        if (effects.Exists(effect => effect.Turns == 0))
        {
            Tell(OutcomeType.Info, "A shield charge has run down.", told => new TurnPassed(told));
        }

        var stats = Now.Stats;
        var hull = Math.Min(Game.Hull, stats.MaxHull);
        if (!Now.InPod && hull > 0)
        {
            var repaired = Math.Min(hull + stats.HullRepair, stats.MaxHull);
            if (repaired > hull)
            {
                Tell(OutcomeType.Info, $"The drones repair {repaired - hull} hull.", told => new TurnPassed(told));
            }

            hull = repaired;
        }

        Game = Game with { Hull = hull };
        Questing.Expire(this);
    }

    /// <summary>Sees whether the game is over, at once and not at the next action.</summary>
    public void Finish()
    {
        if (Endings.Of(Game) is not { } ending)
        {
            return;
        }

        Game = Game with { Ending = ending, Encounter = null, Fight = null };
        Tell(ending.Victory ? OutcomeType.Victory : OutcomeType.GameOver, ending.Text,
            told => new GameEnded(told, ending));
    }
}
