using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Map;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>Hops to neighbouring places and jumps to neighbouring regions, and what waits on arrival.</summary>
internal static class Travelling
{
    public const double PodHarmChance = 0.3;
    public const int PodHarm = 10;

    /// <summary>The damage of a dangerous arrival: from, and up to but not including.</summary>
    public static readonly (int From, int Below) Hazard = (5, 16);

    public static Refusal? CheckHop(Situation now, string? to) =>
        now.CheckCalm()
        ?? (to is not null && now.Map.Find(to) is null
            ? No.Such("node", "unknown-node",
                $"There is no such place on this map. From here you can fly to: {Ways(now)}.")
            : to is not null && !now.Here.Neighbours.Contains(to)
            ? No.Because("not-adjacent",
                $"{now.Map[to].Name} is not next to {now.Here.Name}. From here you can fly to: {Ways(now)}.")
            : now.Game.Fuel < now.HopFuel ? No.NoFuel("A hop", now.HopFuel, now.Game.Fuel) : null);

    public static Refusal? CheckJump(Situation now, string to)
    {
        var near = now.Region.Neighbours;
        return now.CheckCalm()
            ?? (now.Map.FindRegion(to) is not { } region
                ? No.Unknown("region", "region", to, near)
                : !near.Contains(to)
                ? No.Because("not-adjacent", $"{region.Name} is not next to {now.Region.Name}. "
                    + $"From here you can jump to: {string.Join(", ", near)}.")
                : now.Game.Fuel < now.JumpFuel ? No.NoFuel("The jump", now.JumpFuel, now.Game.Fuel) : null);
    }

    public static Refusal? Go(Turn turn, Navigate navigate)
    {
        if (navigate is { Node: not null, Region: not null })
        {
            return No.Such("region", "two-targets", "Name a node or a region, not both.");
        }

        var now = turn.Now;
        var refusal = navigate.Region is { } named ? CheckJump(now, named) : CheckHop(now, navigate.Node);
        if (refusal is not null)
        {
            return refusal;
        }

        if (navigate.Region is { } region)
        {
            Jump(turn, now, now.Map.FindRegion(region)!);
            return null;
        }

        var to = navigate.Node ?? now.Here.Neighbours[turn.Dice.Next(now.Here.Neighbours.Count)];
        Move(turn, now.Here, now.Map[to], now.HopFuel);
        Arrive(turn);
        return null;
    }

    public static Refusal? CheckDistress(Situation now) =>
        now.CheckCalm() ?? (now.Game.Fuel >= now.HopFuel
            ? No.Because("not-stranded", "Your fuel lasts for a hop. Calls for help are for those who cannot go on.")
            : null);

    public static Refusal? Signal(Turn turn)
    {
        if (CheckDistress(turn.Now) is { } refusal)
        {
            return refusal;
        }

        var fuel = turn.Dice.Chance(turn.Game.Rules.HelpChance) ? turn.Game.Rules.HelpFuel : 0;
        turn.AddFuel(fuel);
        turn.Tell(fuel > 0 ? OutcomeType.Success : OutcomeType.Warning,
            fuel > 0 ? $"A tanker answers and pumps over {fuel} fuel." : "Nobody answers.",
            told => new DistressSignalled(told, fuel));
        turn.Pass();
        Fighting.MaybeBegin(turn);
        return null;
    }

    private static string Ways(Situation now) =>
        string.Join(", ", now.Here.Neighbours.Select(id => $"{id} ({now.Map[id].Name})"));

    private static void Jump(Turn turn, Situation now, Region region)
    {
        var known = turn.Game.Visited.FirstOrDefault(region.Nodes.Contains);
        var to = known ?? region.Nodes[turn.Dice.Next(region.Nodes.Count)];
        Move(turn, now.Here, now.Map[to], now.JumpFuel);
        if (known is null)
        {
            var credits = turn.Game.Rules.NewRegionCredits;
            turn.Earn(credits);
            turn.Tell(OutcomeType.Success,
                $"{region.Name}, seen for the first time: the survey pays {credits} credits.",
                told => new RegionReached(told, region.Id, credits));
        }

        Arrive(turn);
    }

    private static void Move(Turn turn, Node from, Node to, int fuel)
    {
        var isNew = !turn.Game.Visited.Contains(to.Id);
        var statistics = turn.Game.Statistics;
        turn.AddFuel(-fuel);
        turn.Game = turn.Game with
        {
            At = to.Id,
            Visited = isNew ? [.. turn.Game.Visited, to.Id] : turn.Game.Visited,
            Charted = [.. turn.Game.Charted.Where(id => id != to.Id)],
            Pod = turn.Game.Pod is { } pod ? pod with { JustBought = false } : null,
            Statistics = statistics with
            {
                DistanceTravelled = statistics.DistanceTravelled + from.DistanceTo(to),
                SystemsVisited = statistics.SystemsVisited + (isNew ? 1 : 0),
            },
        };
        turn.Tell(OutcomeType.Info, $"You reach {to.Name}.",
            told => new Travelled(told, from.Id, to.Id, fuel, turn.Game.Turn + 1));
        turn.IsFirstVisit = isNew;
        Harm(turn, to);
    }

    private static void Harm(Turn turn, Node to)
    {
        if (turn.Now.InPod)
        {
            if (!turn.Dice.Chance(PodStats.Of(turn.Game).RescueChance) && turn.Dice.Chance(PodHarmChance))
            {
                turn.HurtPod(PodHarm, "The pod is knocked about.");
            }
        }
        else if (turn.Dice.Chance(to.Type.Danger))
        {
            var damage = turn.Dice.Next(Hazard.From, Hazard.Below);
            turn.HurtShip(damage, $"A rough arrival: {damage} damage to the hull.");
        }
    }

    private static void Arrive(Turn turn)
    {
        turn.Pass();
        if (turn.IsCut || Endings.Of(turn.Game) is not null || turn.Now.InPod || Fighting.MaybeBegin(turn))
        {
            return;
        }

        if (!Questing.MaybeReach(turn) && turn.IsFirstVisit && !Questing.MaybeOffer(turn))
        {
            Meeting.Maybe(turn);
        }
    }
}
