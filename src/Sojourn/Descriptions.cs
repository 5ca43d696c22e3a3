using System.Collections.Frozen;

namespace Sojourn;

/// <summary>What a kind offers, for servers and tools.</summary>
/// <param name="Name">The kind's name.</param>
/// <param name="Policy">Its limits.</param>
/// <param name="StartType">The record that begins a session.</param>
/// <param name="StateType">The record of its state.</param>
/// <param name="Commands">What clients may send, by its name on the wire.</param>
public sealed record KindDescription(
    string Name,
    Policy Policy,
    Type StartType,
    Type StateType,
    IReadOnlyDictionary<string, CommandDescription> Commands)
{
    /// <summary>The records of its events, by their names on the wire; empty if the kind declares none.</summary>
    public IReadOnlyDictionary<string, Type> Events { get; init; } = FrozenDictionary<string, Type>.Empty;
}

/// <summary>A command that clients may send.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="CommandType">The record of its parameters.</param>
/// <param name="ReplyType">What it is answered with; <see cref="Nothing"/> if there is only the acceptance.</param>
public sealed record CommandDescription(string Name, Type CommandType, Type ReplyType);

/// <summary>Whether the engine takes work.</summary>
/// <param name="IsRunning">True between start and stop.</param>
/// <param name="Critical">Why it is in a critical state, as a sentence; null if it is not.</param>
public sealed record SojournHealth(bool IsRunning, string? Critical);

/// <summary>What a stop left behind.</summary>
/// <param name="Unsaved">Sessions with acknowledged write-behind steps that the store did not take.</param>
/// <param name="StillDriven">Sessions whose driver had not returned when the grace time was over.</param>
public sealed record StopReport(IReadOnlyList<SessionKey> Unsaved, IReadOnlyList<SessionKey> StillDriven);

/// <summary>A page of a list.</summary>
/// <param name="Sessions">Newest first, without their states.</param>
/// <param name="Next">The cursor of the next page; null if this is the last.</param>
public sealed record SessionPage(IReadOnlyList<SessionView> Sessions, string? Next);
