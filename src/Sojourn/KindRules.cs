using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Sojourn;

/// <summary>A kind with its state's type forgotten: what the engine works with.</summary>
internal sealed record KindRules(
    Kind Kind,
    Type StateType,
    StartRule Start,
    FrozenDictionary<Type, CommandRule> Commands,
    FrozenDictionary<string, Type> Events,
    Func<object, SessionId?> IdOf,
    Func<object, string> StatusOf,
    Func<object, DateTimeOffset?> WakeAt,
    Func<object, RuleContext, Outcome> Wake,
    Func<object, DriverExit, RuleContext, Outcome> DriverEnded,
    Func<SessionView> NewView);

internal sealed record StartRule(Type StartType, Func<object, RuleContext, Outcome> Decide);

internal sealed record CommandRule(
    string Name,
    Type CommandType,
    Type ReplyType,
    bool ForDriver,
    Func<object, object, RuleContext, Outcome> Decide);

/// <summary>What a rule said, its types forgotten.</summary>
internal readonly record struct Outcome(
    object? State,
    object? Reply,
    ImmutableArray<object> Events,
    ImmutableArray<StreamAppend> Appends,
    Refusal? Refusal)
{
    public static Outcome Of<TState>(Step<TState> step)
        where TState : class => Of(step, null);

    public static Outcome Of<TState, TReply>(Step<TState, TReply> step)
        where TState : class => Of(step.Inner, step.Value);

    private static Outcome Of<TState>(Step<TState> step, object? reply)
        where TState : class => new(
            step.State,
            reply,
            step.Events.IsDefault ? [] : step.Events,
            step.Appends.IsDefault ? [] : step.Appends,
            // A `default` step never went through Go or Refuse: a broken rule, not a silent success.
            step.Refusal ?? (step.State is null ? throw new InvalidOperationException(
                "The rule returned an empty step; end it with Go(…) or Refuse(…).") : null));
}
