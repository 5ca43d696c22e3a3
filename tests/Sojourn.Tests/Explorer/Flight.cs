using System.Text.Json;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Playing;
using Sojourn.Kinds.Explorer.Showing;

namespace Sojourn.Tests.Explorer;

using Outcome = Sojourn.Kinds.Explorer.Outcome;

/// <summary>
/// A game that is played by asking the rules directly: no engine, no store. The same seed and the same commands give
/// the same game.
/// </summary>
internal sealed class Flight
{
    private static readonly KindRules Standard = new ExplorerKind().BuildRules();
    private static readonly SessionKey Key = new(ExplorerKind.KindName, OwnerId.Local, "a");
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ulong _seed;
    private readonly KindRules _rules;

    private Flight(ulong seed, KindRules rules) => (_seed, _rules) = (seed, rules);

    public Game Game { get; private set; } = null!;

    public long Version { get; private set; }

    /// <summary>What the last accepted command came to; null before the first.</summary>
    public Outcome? Outcome { get; private set; }

    /// <summary>What happened at the last accepted command.</summary>
    public IReadOnlyList<object> Events { get; private set; } = [];

    public string Status => _rules.StatusOf(Game);

    public Situation Now => new(Game);

    public GameOptions Options => GameOptions.Of(Game);

    /// <summary>Begins a game; the map is made from the same seed.</summary>
    public static Flight Begin(ulong seed, RuleSet? rules = null)
    {
        var flight = new Flight(seed, rules is null
            ? Standard
            : new ExplorerKind(new ExplorerOptions { RuleSets = [rules] }).BuildRules());
        var begun = flight._rules.Start.Decide(
            new StartGame("Ada", (int)seed, rules?.Name), new RuleContext(Key, 0, Noon, seed));
        begun.Refusal.ShouldBeNull();
        (flight.Game, flight.Events, flight.Version) = ((Game)begun.State!, begun.Events, 1);
        return flight;
    }

    /// <summary>Takes a game up as it stands.</summary>
    public static Flight From(Game game, ulong seed = 1) => new(seed, Standard) { Game = game, Version = 1 };

    /// <summary>What the rules say to a command, without going on from there.</summary>
    public Sojourn.Outcome Ask(object command) =>
        _rules.Commands[command.GetType()].Decide(Game, command, new RuleContext(Key, Version, Noon, _seed));

    /// <summary>Sends a command.</summary>
    /// <returns>The refusal; null if it was accepted.</returns>
    public Refusal? Send(object command)
    {
        var said = Ask(command);
        if (said.Refusal is null)
        {
            (Game, Outcome, Events) = ((Game)said.State!, (Outcome)said.Reply!, said.Events);
            Version++;
        }

        return said.Refusal;
    }

    /// <summary>Sends a command that is to be accepted.</summary>
    public Flight Do(object command)
    {
        Send(command).ShouldBeNull();
        return this;
    }

    /// <summary>
    /// Sends the command with one seed after another until what comes of it is as wished. Says so if it never is.
    /// </summary>
    public Flight Until(object command, Func<Flight, bool> wished, int tries = 5000)
    {
        for (var seed = 1UL; seed <= (ulong)tries; seed++)
        {
            var flight = new Flight(seed, _rules) { Game = Game, Version = Version };
            if (wished(flight.Do(command)))
            {
                return flight;
            }
        }

        throw new InvalidOperationException($"None of {tries} tries of {command} came out as wished.");
    }

    /// <summary>How often something holds of what a command comes to, over so many seeds.</summary>
    public double Share(object command, Func<Flight, bool> holds, int tries = 8000)
    {
        var count = 0;
        for (var seed = 1UL; seed <= (ulong)tries; seed++)
        {
            count += holds(new Flight(seed, _rules) { Game = Game, Version = Version }.Do(command)) ? 1 : 0;
        }

        return (double)count / tries;
    }

    /// <summary>The game as it is stored.</summary>
    public static byte[] Stored(Game game) => JsonSerializer.SerializeToUtf8Bytes(game, SojournJson.Stored);
}
