using System.Text;
using System.Text.Json;
using Sojourn.Engine;
using Sojourn.Stores;

namespace Sojourn.Testing;

/// <summary>
/// Asks a rule more than once and compares what it says: the engine decides a command again after a conflict or a
/// failed commit, and from a state that was stored in between.
/// </summary>
internal static class Proof
{
    public static Proven Decide(Standing before, Asked asked, Func<object?, RuleContext, Outcome> rule)
    {
        var given = before.State is { } live ? StateText(before, asked, live) : null;
        var outcome = Run(before, asked, rule, before.State);
        if (before.State is { } same && StateText(before, asked, same) != given)
        {
            throw new RuleBrokenException(before, asked,
                "changes the state that it is given. States are immutable: build the next one with `with`.");
        }

        var told = Tell(before, asked, outcome, before.State);
        var again = Run(before, asked, rule, before.State);
        Compare(before, asked, told, Tell(before, asked, again, before.State),
            "is not pure: asked twice the same, it gives two answers. Time and chance come from the context");
        if (given is not null && !before.Kind.IsVolatile)
        {
            var stored = ReadState(before, asked, given);
            var restored = Run(before, asked, rule, stored);
            Compare(before, asked, told, Tell(before, asked, restored, stored),
                "decides otherwise once the state has been stored and read. It depends on something that JSON leaves "
                + "out, or on which object it is");
        }

        return new Proven(outcome, told.IsChange, told.Status);
    }

    private static Outcome Run(
        Standing before, Asked asked, Func<object?, RuleContext, Outcome> rule, object? state)
    {
        try
        {
            return rule(state, before.NewContext());
        }
        catch (Exception thrown)
        {
            throw new RuleBrokenException(before, asked,
                $"throws {thrown.GetType().Name}: {thrown.Message} Say no with Refuse(…) or Invalid(…).", thrown);
        }
    }

    private static Told Tell(Standing before, Asked asked, Outcome outcome, object? state)
    {
        if (outcome.Refusal is { } refusal)
        {
            return new Told(IsChange: false, "", [("refusal", refusal.ToString())]);
        }

        var isChange = !ReferenceEquals(outcome.State, state) || !outcome.Events.IsEmpty || !outcome.Appends.IsEmpty;
        var next = StateText(before, asked, outcome.State!);
        if (!before.Kind.IsVolatile)
        {
            CheckStored(before, asked, next);
        }

        string[] events = [.. outcome.Events.Select(happened => EventText(before, asked, happened))];
        CheckLimits(before, asked, next, events, outcome);
        var status = StatusOf(before, asked, outcome.State!);
        return new Told(isChange, status,
        [
            ("state", next),
            ("status", status),
            ("wake-up", $"{before.Kind.Rules.WakeAt(outcome.State!):O}"),
            ("reply", Text(before, asked, "reply", outcome.Reply, outcome.Reply?.GetType() ?? typeof(object))),
            ("events", string.Join(", ", events)),
            ("entries", string.Join(", ", outcome.Appends.Select(
                append => $"{append.Stream}: {Convert.ToBase64String(append.Entry.Span)}"))),
            ("outcome", isChange ? "a step" : "nothing changed"),
        ]);
    }

    private static void Compare(Standing before, Asked asked, Told first, Told second, string says)
    {
        foreach (var (one, other) in first.Parts.Zip(second.Parts).Where(pair => pair.First != pair.Second))
        {
            throw new RuleBrokenException(before, asked,
                $"{says}. First, {one.What}: {one.Text}; then, {other.What}: {other.Text}.");
        }
    }

    private static string StatusOf(Standing before, Asked asked, object state)
    {
        try
        {
            return before.Kind.Status(before.Kind.Rules.StatusOf(state)).Name;
        }
        catch (InvalidOperationException unlisted)
        {
            throw new RuleBrokenException(before, asked, $"leads to no status: {unlisted.Message}", unlisted);
        }
    }

    private static void CheckStored(Standing before, Asked asked, string state)
    {
        var read = StateText(before, asked, ReadState(before, asked, state));
        if (read != state)
        {
            throw new RuleBrokenException(before, asked,
                $"makes a state that JSON does not keep. Written: {state}; written, read and written again: {read}.");
        }
    }

    private static void CheckLimits(Standing before, Asked asked, string state, string[] events, Outcome outcome)
    {
        var policy = before.Kind.Policy;
        var longest = events.Select(Encoding.UTF8.GetByteCount)
            .Concat(outcome.Appends.Select(append => append.Entry.Length)).DefaultIfEmpty().Max();
        (string What, int Is, int Most)[] limits =
        [
            ("a state, in bytes of JSON,", before.Kind.IsVolatile ? 0 : Encoding.UTF8.GetByteCount(state),
                policy.MaxStateBytes),
            ("a number of events and entries", events.Length + outcome.Appends.Length, policy.MaxEventsPerStep),
            ("an event or entry, in bytes,", longest, policy.MaxEntryBytes),
        ];
        foreach (var (what, size, most) in limits.Where(limit => limit.Is > limit.Most))
        {
            throw new RuleBrokenException(before, asked,
                $"makes {what} of {size:N0}; the policy allows {most:N0}, and the engine would answer too-large.");
        }

        if (outcome.Appends.FirstOrDefault(each => !Naming.IsKindName(each.Stream) || each.Stream == StreamKey.Events)
            is { Stream: not null } wrong)
        {
            throw new RuleBrokenException(before, asked,
                $"appends to '{wrong.Stream}', which is no stream's name: use 1 to 32 of a-z, 0-9 and '-', and not "
                + "'events'.");
        }
    }

    // Written as the engine does, since its limit is for the whole envelope. The number is of a fixed width.
    private static string EventText(Standing before, Asked asked, object happened) => Written(
        before, asked, $"event '{EventTypes.NameOf(happened.GetType())}'",
        () => Encoding.UTF8.GetString(EventEnvelope.Write(
            new(before.DecidedAt, 1), before.Version + 1, before.DecidedAt, happened)));

    private static string StateText(Standing before, Asked asked, object state) =>
        Text(before, asked, "state", state, before.Kind.Rules.StateType);

    private static string Text(Standing before, Asked asked, string what, object? value, Type type) => value is Nothing
        ? "nothing"
        : Written(before, asked, what, () => JsonSerializer.Serialize(value, type, SojournJson.Stored));

    private static string Written(Standing before, Asked asked, string what, Func<string> write)
    {
        try
        {
            return write();
        }
        catch (Exception unwritable) when (unwritable is JsonException or NotSupportedException
            or InvalidOperationException)
        {
            throw new RuleBrokenException(before, asked,
                $"makes a {what} that cannot be written as JSON: {unwritable.Message}", unwritable);
        }
    }

    private static object ReadState(Standing before, Asked asked, string json)
    {
        try
        {
            return before.Kind.ReadState(json);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException
            or InvalidOperationException)
        {
            throw new RuleBrokenException(before, asked,
                $"makes a state that cannot be read from its JSON: {unreadable.Message} It is {json}.", unreadable);
        }
    }

    private sealed record Told(bool IsChange, string Status, IReadOnlyList<(string What, string Text)> Parts);
}

/// <summary>A decision that held.</summary>
/// <param name="Outcome">What the rule said.</param>
/// <param name="IsChange">False if the state is the same object and nothing was added.</param>
/// <param name="Status">The next state's status; empty after a refusal.</param>
internal readonly record struct Proven(Outcome Outcome, bool IsChange, string Status);
