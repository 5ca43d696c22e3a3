using System.Collections.Immutable;

namespace Sojourn;

/// <summary>
/// What deciding a command yields: the new state, events, bytes for named streams. Made by <c>Go</c> in a kind.
/// A step that keeps the very same state object and adds nothing is "unchanged": it is answered, but takes no version
/// and is not stored.
/// </summary>
public readonly struct Step<TState>
    where TState : class
{
    internal Step(TState state) => State = state;

    internal TState? State { get; private init; }

    internal ImmutableArray<object> Events { get; private init; } = [];

    internal ImmutableArray<StreamAppend> Appends { get; private init; } = [];

    internal Refusal? Refusal { get; private init; }

    /// <summary>
    /// Adds an event, a record whose type's name in kebab case is the event's type (<c>SceneMade</c> is
    /// <c>scene-made</c>). Events keep their order. Not <c>SessionSnapshot</c> or <c>SessionRemoved</c>: event streams
    /// need these names themselves, and the step fails.
    /// </summary>
    public Step<TState> Event(object happened) => this with { Events = (Events.IsDefault ? [] : Events).Add(happened) };

    /// <summary>
    /// Appends one entry to a stream of the session, stored in the same commit as the state. The kind names its
    /// streams (1 to 32 of a-z, 0-9, '-'; not <c>events</c>); a stream's entries are numbered 1, 2, 3…, so a
    /// rule can count them in its state.
    /// </summary>
    public Step<TState> Append(string stream, ReadOnlyMemory<byte> entry) =>
        this with { Appends = (Appends.IsDefault ? [] : Appends).Add(new StreamAppend(stream, entry)) };

    /// <summary>As the other, for many entries at once.</summary>
    public Step<TState> Append(string stream, IEnumerable<ReadOnlyMemory<byte>> entries) => this with
    {
        Appends = (Appends.IsDefault ? [] : Appends).AddRange(
            entries.Select(entry => new StreamAppend(stream, entry))),
    };

    /// <summary>Ends the step with its reply.</summary>
    public Step<TState, TReply> Reply<TReply>(TReply reply) => new(this, reply);

    /// <summary>A refusal is a step that changes nothing.</summary>
    public static implicit operator Step<TState>(Refusal refusal) => new() { Refusal = refusal };
}

/// <summary>A <see cref="Step{TState}"/> with the reply to the command.</summary>
public readonly struct Step<TState, TReply>
    where TState : class
{
    internal Step(Step<TState> step, TReply? reply)
    {
        Inner = step;
        Value = reply;
    }

    internal Step<TState> Inner { get; }

    internal TReply? Value { get; }

    /// <summary>A refusal is a step that changes nothing.</summary>
    public static implicit operator Step<TState, TReply>(Refusal refusal) => new(refusal, default);
}

/// <summary>
/// A rule's "no": a stable code in kebab case for programs and a sentence for people that says what to do.
/// </summary>
public sealed record Refusal(string Code, string Message)
{
    /// <summary>The parameter that is at fault, in camelCase as on the wire; null if none is.</summary>
    public string? Field { get; init; }

    /// <summary>True for parameters that could never be accepted, false (default) if it is the state that says no.
    /// Over HTTP the former is 422 and the latter 409.</summary>
    public bool IsInvalid { get; init; }
}

internal readonly record struct StreamAppend(string Stream, ReadOnlyMemory<byte> Entry);
