using Sojourn.Kinds.Explorer.Map;
using Sojourn.Kinds.Explorer.Playing;

namespace Sojourn.Kinds.Explorer;

/// <summary>
/// Cosmic Explorer: one player, one ship, a galaxy made from a seed. Get rich before time, fuel or luck run out.
/// </summary>
public sealed class ExplorerKind : Kind<Game>
{
    /// <summary>The kind's name on the wire.</summary>
    public const string KindName = "explorer";

    private const int LongestPilot = 40;

    private readonly IReadOnlyDictionary<string, RuleSet> _ruleSets;

    /// <summary>Builds the rules.</summary>
    /// <param name="options">The limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public ExplorerKind(ExplorerOptions? options = null)
        : base(KindName, (options ??= new ExplorerOptions()).ToPolicy())
    {
        _ruleSets = options.RuleSetsByName();

        Start<StartGame>(Begin);
        Action<Navigate>(Travelling.Go);
        Action<SignalDistress>((turn, _) => Travelling.Signal(turn));
        Action<Explore>((turn, _) => Exploring.Explore(turn));
        Action<Scan>((turn, _) => Exploring.Scan(turn));
        Action<Mine>((turn, _) => Harvesting.Mine(turn));
        Action<Salvage>((turn, _) => Harvesting.Salvage(turn));
        Action<Repair>((turn, _) => Shipyard.Repair(turn));
        Action<BuyShip>(Shipyard.BuyShip);
        Action<BuyMod>(Shipyard.BuyMod);
        Action<RemoveMod>(Shipyard.RemoveMod);
        Action<BuyPod>((turn, _) => Shipyard.BuyPod(turn));
        Action<BuyAugmentation>(Shipyard.BuyAugmentation);
        Action<UseItem>(OnBoard.Use);
        Action<Eat>(OnBoard.Eat);
        Action<Jettison>(OnBoard.Jettison);
        Action<BuyItem>(Trading.Buy);
        Action<SellItem>(Trading.Sell);
        Action<Choose>(Meeting.Choose);
        Action<AbandonQuest>((turn, _) => Questing.Abandon(turn));
        Action<Attack>(Fighting.Attack);
        Action<Flee>((turn, _) => Fighting.Flee(turn));
        Action<Negotiate>((turn, _) => Fighting.Negotiate(turn));
        OnDriver<TakeUpSave>((_, saved, _) => Go(saved.Game).Event(new GameTakenUp(
            $"{saved.Game.Pilot}'s game is taken up again at turn {saved.Game.Turn}.", saved.Slot, saved.Game.Turn)));

        Emits<GameStarted>();
        Emits<Travelled>();
        Emits<RegionReached>();
        Emits<Explored>();
        Emits<DistressSignalled>();
        Emits<Scanned>();
        Emits<Mined>();
        Emits<Salvaged>();
        Emits<Harmed>();
        Emits<Repaired>();
        Emits<Bought>();
        Emits<Sold>();
        Emits<Used>();
        Emits<EncounterMet>();
        Emits<ChoiceMade>();
        Emits<QuestAccepted>();
        Emits<QuestCompleted>();
        Emits<QuestFailed>();
        Emits<FightBegan>();
        Emits<RoundFought>();
        Emits<FightEnded>();
        Emits<Ejected>();
        Emits<TurnPassed>();
        Emits<GameEnded>();
        Emits<GameTakenUp>();
    }

    /// <inheritdoc />
    protected override string StatusOf(Game state) =>
        state.Ending is { } ending ? ending.Victory ? "won" : "lost"
        : state.Fight is not null ? "fighting"
        : state.Encounter is not null ? "choosing"
        : "playing";

    private Step<Game> Begin(StartGame start, RuleContext context)
    {
        var pilot = start.Pilot?.Trim() ?? "Pilot";
        if (pilot.Length is 0 or > LongestPilot || pilot.Any(char.IsControl))
        {
            return Invalid("pilot", "out-of-range", $"'pilot' must be 1 to {LongestPilot} characters, none of them a "
                + "control character.");
        }

        if (start.Seed < 0)
        {
            return Invalid("seed", "out-of-range", "'seed' must be 0 or more.");
        }

        var name = start.RuleSet ?? "standard";
        if (!_ruleSets.TryGetValue(name, out var rules))
        {
            return Invalid("ruleSet", "unknown-rule-set",
                $"There is no such set of rules. There are: {string.Join(", ", _ruleSets.Keys.Order())}.");
        }

        var seed = start.Seed ?? context.Dice.Next(int.MaxValue);
        var place = StarMap.Of(seed).Start;
        var game = new Game
        {
            Pilot = pilot,
            Rules = rules,
            MapSeed = seed,
            At = place.Id,
            Health = rules.StartingHealth,
            Wealth = rules.StartingWealth,
            Fuel = rules.StartingFuel,
            Food = rules.StartingFood,
            Visited = [place.Id],
            Statistics = new Tally { SystemsVisited = 1 },
        };
        game = game with { Hull = Stats.Of(game).MaxHull };
        return Go(game).Event(new GameStarted($"{pilot} sets out from {place.Name}.", pilot, place.Id));
    }

    private void Action<TCommand>(Func<Turn, TCommand, Refusal?> play)
        where TCommand : class, ICommand<Outcome> => On<TCommand, Outcome>((game, command, context) =>
        {
            var turn = new Turn(game, context);
            if (play(turn, command) is { } refusal)
            {
                return refusal;
            }

            turn.Finish();
            var step = Go(turn.Game);
            foreach (var happened in turn.Events)
            {
                step = step.Event(happened);
            }

            return step.Reply(turn.Outcome);
        });
}
