using System.Security.Cryptography;
using System.Text.Json;
using Sojourn.Kinds.Explorer;

namespace Sojourn.Tests.Explorer.Bots;

/// <summary>A game that a bot has played to its end.</summary>
internal sealed record PlayedGame(Game Game, int Steps, int GreatestState, string Fingerprint)
{
    /// <summary>More commands than any game takes. One that takes more is stuck.</summary>
    public const int MostCommands = 1000;

    // Every so many steps all that is offered is tried, and the state is written as the store would.
    private const int TriedEach = 41;
    private const int MeasuredEach = 7;

    /// <summary>Plays a game out and checks at each step what must hold.</summary>
    public static PlayedGame Play(Bot bot, ulong seed)
    {
        var dice = new Dice(seed ^ 0xB07);
        var flight = Flight.Begin(seed);
        var options = flight.Options;
        Invariants.Check(flight, options, before: null, command: null);
        using var told = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (steps, greatest) = (0, 0);
        while (flight.Game.Ending is null)
        {
            if (++steps > MostCommands)
            {
                throw new InvalidOperationException($"{MostCommands} commands have not ended the game.");
            }

            if (steps % TriedEach == 0)
            {
                TryAll(flight);
            }

            var before = flight.Game;
            var command = Wire.Command(bot.Pick(before, options, dice));
            if (flight.Send(command) is { } refusal)
            {
                throw new InvalidOperationException($"{command} was offered, and is refused: {refusal}");
            }

            options = flight.Options;
            Invariants.Check(flight, options, before, command);
            foreach (var happened in flight.Events)
            {
                told.AppendData(JsonSerializer.SerializeToUtf8Bytes(happened, happened.GetType(), SojournJson.Stored));
            }

            if (steps % MeasuredEach == 0 || flight.Game.Ending is not null)
            {
                var stored = Flight.Stored(flight.Game);
                told.AppendData(stored);
                greatest = Math.Max(greatest, stored.Length);
            }
        }

        return new PlayedGame(flight.Game, steps, greatest, Convert.ToHexString(told.GetHashAndReset()));
    }

    /// <summary>What is offered is taken; what is not is refused as was said, and nothing is changed by it.</summary>
    private static void TryAll(Flight flight)
    {
        var stored = Flight.Stored(flight.Game);
        foreach (var action in flight.Options.Actions)
        {
            var said = flight.Ask(Wire.Command(action));
            if (said.Refusal?.Code != action.Code || said.Refusal is null != action.Available)
            {
                throw new InvalidOperationException($"{action} is offered so, but the rules say: {said.Refusal}");
            }
        }

        if (!stored.AsSpan().SequenceEqual(Flight.Stored(flight.Game)))
        {
            throw new InvalidOperationException("A command changed the state that it was given.");
        }
    }
}
