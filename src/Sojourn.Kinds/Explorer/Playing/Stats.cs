using Sojourn.Kinds.Explorer.Catalogue;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>A ship with all that adds to it.</summary>
/// <param name="MaxHull">The hull when whole.</param>
/// <param name="CargoCapacity">What the hold takes, in weight.</param>
/// <param name="CargoUsed">What is in it; more than it takes only after a change to a smaller ship or hold.</param>
/// <param name="FuelEfficiency">Multiplies what a hop burns.</param>
/// <param name="Speed">What fleeing depends on.</param>
/// <param name="CombatPower">Damage of a hit; 0 without weapons.</param>
/// <param name="Accuracy">Added to the chance of a hit.</param>
/// <param name="MiningYield">Multiplies what is mined.</param>
/// <param name="SalvageChance">Of the tools for it; 0 without.</param>
/// <param name="ScanBonus">Multiplies the credits of a find.</param>
/// <param name="HullRepair">Repaired each turn.</param>
public sealed record Stats(
    int MaxHull, int CargoCapacity, int CargoUsed, double FuelEfficiency, double Speed, int CombatPower,
    double Accuracy,
    double MiningYield, double SalvageChance, double ScanBonus, int HullRepair)
{
    /// <summary>
    /// Merges, in this order: the ship, what is fitted, the pod that hangs in it, what works for a time.
    /// </summary>
    internal static Stats Of(Game game)
    {
        var ship = ShipType.Of(game.Ship);
        var stats = new Stats(
            ship.MaxHull, ship.Cargo, Weigh(game.Cargo), ship.FuelEfficiency, ship.Speed,
            CombatPower: 0, Accuracy: 0, MiningYield: 1, SalvageChance: 0, ScanBonus: 1, HullRepair: 0);
        foreach (var mod in game.Mods.Select(Mod.Find).OfType<Mod>())
        {
            stats = stats.With(mod);
        }

        if (game.Pod is { Flying: false } pod)
        {
            foreach (var augmentation in pod.Augmentations.Select(Augmentation.Find).OfType<Augmentation>())
            {
                stats = stats with
                {
                    MaxHull = stats.MaxHull + augmentation.MaxHull,
                    ScanBonus = stats.ScanBonus * augmentation.ScanMultiplier,
                    FuelEfficiency = stats.FuelEfficiency * augmentation.FuelEfficiency,
                };
            }
        }

        var shield = game.Effects.Where(effect => effect is { Type: TimedEffect.TempHp, Turns: > 0 })
            .Sum(effect => effect.Value);
        return stats with
        {
            MaxHull = stats.MaxHull + shield,
            // A pod has no hold, but for what its module saves.
            CargoCapacity = game.Pod is { Flying: true } ? PodStats.Of(game).KeptWeight : stats.CargoCapacity,
        };
    }

    /// <summary>The weight of some goods.</summary>
    internal static int Weigh(IEnumerable<Stack> cargo) =>
        cargo.Sum(stack => (Item.Find(stack.Item)?.Weight ?? 0) * stack.Quantity);

    private Stats With(Mod mod) => this with
    {
        MaxHull = MaxHull + mod.MaxHull,
        CargoCapacity = CargoCapacity + mod.Cargo,
        FuelEfficiency = FuelEfficiency * mod.FuelEfficiency,
        Speed = Speed + mod.Speed,
        CombatPower = CombatPower + mod.CombatPower,
        Accuracy = Accuracy + mod.Accuracy,
        MiningYield = MiningYield * mod.MiningYield,
        SalvageChance = SalvageChance + mod.SalvageChance,
        ScanBonus = ScanBonus * mod.ScanBonus,
        HullRepair = HullRepair + mod.HullRepair,
    };
}

/// <summary>What a pod is with all that it was given.</summary>
internal sealed record PodStats(
    int MaxHp, double DamageReduction, double RescueChance, int KeptWeight, int FoodOnEjection)
{
    public static PodStats Of(Game game)
    {
        var given = (game.Pod?.Augmentations ?? []).Select(Augmentation.Find).OfType<Augmentation>().ToList();
        return new PodStats(
            Math.Max(game.Rules.PodHp, given.Select(each => each.PodMaxHp).DefaultIfEmpty().Max()),
            Math.Min(1, given.Sum(each => each.DamageReduction)),
            Math.Min(1, given.Sum(each => each.RescueChance)),
            given.Sum(each => each.KeptWeight),
            given.Sum(each => each.FoodOnEjection));
    }
}
