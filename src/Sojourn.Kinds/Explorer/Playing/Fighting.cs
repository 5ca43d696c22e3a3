using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>Fights, a round a command.</summary>
internal static class Fighting
{
    public const double Accuracy = 0.7;
    public const int OwnSpread = 2;
    public const int EnemySpread = 3;
    public const double EnemyFleeChance = 0.5;
    public const double PursuitDamage = 1.5;
    public const double BestFleeChance = 0.9;
    public const double FleeFactor = 1.5;
    public const double PeaceChance = 0.3;
    public const double PeaceChanceOfDamage = 0.5;
    public const int BarrageWeapons = 2;

    // What an attacker's chance is measured against: that of a ship's speed of 1.
    private const double FightingSpeed = 1;

    /// <summary>Perhaps somebody attacks: the more so, the more dangerous the place.</summary>
    /// <returns>True if so.</returns>
    public static bool MaybeBegin(Turn turn)
    {
        var now = turn.Now;
        if (now.InPod || turn.IsCut || Endings.Of(turn.Game) is not null
            || !turn.Dice.Chance(now.Rules.FightRate * now.Here.Type.Danger))
        {
            return false;
        }

        Begin(turn, Enemy.Meet(now.Here.Type.Danger, turn.Dice));
        return true;
    }

    public static void Begin(Turn turn, Enemy enemy)
    {
        turn.Game = turn.Game with { Fight = new Fight(enemy.Id, enemy.Hp) };
        turn.Tell(OutcomeType.Danger, $"{enemy.Name} attacks!", told => new FightBegan(told, enemy.Id, enemy.Hp));
    }

    public static Refusal? CheckFight(Situation now) =>
        now.CheckOn() ?? (now.Game.Fight is null ? No.Because("no-fight", "There is nobody to fight.") : null);

    public static Refusal? CheckTactic(Situation now, Tactic tactic) =>
        CheckFight(now)
        ?? (tactic == Tactic.PreciseShot && !now.Game.Mods.Contains("targeting_computer")
            ? No.Because("no-targeting-computer", "A precise shot needs a targeting computer.")
            : tactic == Tactic.Barrage && Weapons(now.Game) < BarrageWeapons
            ? No.Because("too-few-weapons", $"A barrage needs {BarrageWeapons} weapons; you have {Weapons(now.Game)}.")
            : null);

    public static double HitChance(Situation now, Tactic tactic) =>
        Math.Min(1, (Accuracy + now.Stats.Accuracy) * TacticFigures.Of(tactic).Accuracy);

    public static double EnemyHitChance(Situation now, double defence) =>
        Math.Min(1, Enemy.Of(now.Game.Fight!.Enemy).Accuracy / ((FightingSpeed + Afterburners(now.Game)) * defence));

    public static double FleeChance(Situation now) =>
        Math.Min(BestFleeChance, now.Stats.Speed / (Enemy.Of(now.Game.Fight!.Enemy).Speed * FleeFactor));

    public static int PeaceCost(Situation now) =>
        (int)(Enemy.Of(now.Game.Fight!.Enemy).MostCredits * EnemyHealth(now.Game.Fight));

    public static double PeaceOdds(Situation now) =>
        PeaceChance + ((1 - EnemyHealth(now.Game.Fight!)) * PeaceChanceOfDamage);

    public static Refusal? Attack(Turn turn, Attack command)
    {
        var now = turn.Now;
        if (!Enum.IsDefined(command.Tactic))
        {
            return No.Such("tactic", "unknown-tactic", "Tactics: attack, evasive, preciseShot, barrage.");
        }

        if (CheckTactic(now, command.Tactic) is { } refusal)
        {
            return refusal;
        }

        var figures = TacticFigures.Of(command.Tactic);
        var fight = NextRound(turn);
        var enemy = Enemy.Of(fight.Enemy);
        var dealt = turn.Dice.Chance(HitChance(now, command.Tactic))
            ? Damage(now.Stats.CombatPower * figures.Damage, OwnSpread, turn.Dice)
            : 0;
        var hp = Math.Max(0, fight.Hp - dealt);
        turn.Game = turn.Game with { Fight = fight with { Hp = hp } };
        turn.Tell(dealt > 0 ? OutcomeType.Success : OutcomeType.Info,
            dealt > 0 ? $"You hit for {dealt}." : "You miss.",
            told => new RoundFought(told, fight.Round, dealt, 0, hp));
        if (hp == 0)
        {
            Win(turn, enemy);
        }
        else if (hp < enemy.FleesBelow * enemy.Hp && turn.Dice.Chance(EnemyFleeChance))
        {
            CountKill(turn);
            End(turn, OutcomeType.Success, $"The {enemy.Name.ToLowerInvariant()} turns and runs.",
                FightEnd.EnemyFled, 0);
        }
        else
        {
            EnemyStrikes(turn, figures.Defence);
        }

        return null;
    }

    /// <summary>A round is fought in which one does something else than to strike.</summary>
    public static void SpendRound(Turn turn)
    {
        NextRound(turn);
        EnemyStrikes(turn, defence: 1);
    }

    public static Refusal? CheckFlee(Situation now) =>
        CheckFight(now)
        ?? (now.Game.Fuel < now.Rules.FleeFuel ? No.NoFuel("Fleeing", now.Rules.FleeFuel, now.Game.Fuel) : null);

    public static Refusal? Flee(Turn turn)
    {
        var now = turn.Now;
        if (CheckFlee(now) is { } refusal)
        {
            return refusal;
        }

        turn.AddFuel(-now.Rules.FleeFuel);
        NextRound(turn);
        if (turn.Dice.Chance(FleeChance(now)))
        {
            End(turn, OutcomeType.Success, "You get away.", FightEnd.Fled, 0);
            return null;
        }

        var damage = Damage(Enemy.Of(turn.Game.Fight!.Enemy).Power * PursuitDamage, EnemySpread, turn.Dice);
        Hit(turn, damage, $"You do not get away, and are hit in the stern for {damage}.");
        return null;
    }

    public static Refusal? CheckNegotiate(Situation now) =>
        CheckFight(now)
        ?? (!Enemy.Of(now.Game.Fight!.Enemy).Talks
            ? No.Because("will-not-talk",
                $"The {Enemy.Of(now.Game.Fight.Enemy).Name.ToLowerInvariant()} does not talk.")
            : now.CheckPrice("Peace", PeaceCost(now)));

    public static Refusal? Negotiate(Turn turn)
    {
        var now = turn.Now;
        if (CheckNegotiate(now) is { } refusal)
        {
            return refusal;
        }

        if (turn.Dice.Chance(PeaceOdds(now)))
        {
            var cost = PeaceCost(now);
            turn.Spend(cost);
            End(turn, OutcomeType.Success, $"{cost} credits change hands, and you part.", FightEnd.PaidOff, -cost);
            return null;
        }

        var fight = NextRound(turn);
        turn.Tell(OutcomeType.Warning, "They laugh.", told => new RoundFought(told, fight.Round, 0, 0, fight.Hp));
        EnemyStrikes(turn, defence: 1);
        return null;
    }

    private static Fight NextRound(Turn turn)
    {
        var fight = turn.Game.Fight! with { Round = turn.Game.Fight.Round + 1 };
        turn.Game = turn.Game with { Fight = fight };
        return fight;
    }

    private static void EnemyStrikes(Turn turn, double defence)
    {
        var fight = turn.Game.Fight!;
        var enemy = Enemy.Of(fight.Enemy);
        if (turn.Dice.Chance(EnemyHitChance(turn.Now, defence)))
        {
            var damage = Damage(enemy.Power, EnemySpread, turn.Dice);
            Hit(turn, damage, $"The {enemy.Name.ToLowerInvariant()} hits for {damage}.");
        }
        else
        {
            turn.Tell(OutcomeType.Info, $"The {enemy.Name.ToLowerInvariant()} misses.",
                told => new RoundFought(told, fight.Round, 0, 0, fight.Hp));
        }
    }

    private static void Hit(Turn turn, int damage, string text)
    {
        var fight = turn.Game.Fight!;
        turn.HurtShip(damage, text, told => new RoundFought(told, fight.Round, 0, damage, fight.Hp));
    }

    private static int Weapons(Game game) => game.Mods.Count(each => Mod.Find(each)?.IsWeapon == true);

    private static double Afterburners(Game game) =>
        game.Mods.Select(Mod.Find).Where(mod => mod?.Id == "afterburner").Sum(mod => mod!.Speed);

    private static double EnemyHealth(Fight fight) => (double)fight.Hp / Enemy.Of(fight.Enemy).Hp;

    private static int Damage(double power, int spread, Dice dice) =>
        Math.Max(1, (int)(power + dice.Next(-spread, spread + 1)));

    private static void Win(Turn turn, Enemy enemy)
    {
        var credits = enemy.MostCredits == 0 ? 0 : turn.Dice.Next(enemy.LeastCredits, enemy.MostCredits + 1);
        turn.Earn(credits);
        CountKill(turn);
        Close(turn, OutcomeType.Success, credits > 0
            ? $"The {enemy.Name.ToLowerInvariant()} is destroyed. Its wreck holds {credits} credits."
            : $"The {enemy.Name.ToLowerInvariant()} is destroyed.", FightEnd.Won, credits);
        if (turn.Dice.Chance(enemy.LootChance))
        {
            var item = Item.Loot[turn.Dice.Next(Item.Loot.Count)];
            Exploring.Take(turn, "And", item, item.FoundQuantity(turn.Dice),
                (told, found) => new Salvaged(told, found));
        }

        GoOn(turn);
    }

    private static void CountKill(Turn turn) => turn.Game = turn.Game with
    {
        Statistics = turn.Game.Statistics with { ShipsDestroyed = turn.Game.Statistics.ShipsDestroyed + 1 },
    };

    private static void End(Turn turn, OutcomeType type, string text, FightEnd how, int credits)
    {
        Close(turn, type, text, how, credits);
        GoOn(turn);
    }

    private static void Close(Turn turn, OutcomeType type, string text, FightEnd how, int credits)
    {
        var enemy = turn.Game.Fight!.Enemy;
        turn.Game = turn.Game with { Fight = null };
        turn.Tell(type, text, told => new FightEnded(told, enemy, how, credits));
    }

    // Who was attacked on arrival where a quest leads is there all the same.
    private static void GoOn(Turn turn)
    {
        if (Endings.Of(turn.Game) is null)
        {
            Questing.MaybeReach(turn);
        }
    }
}
