using System.Collections.Immutable;
using Sojourn.Parties;

namespace Sojourn.Kinds.Parties;

/// <content>What members tell of themselves, and each other.</content>
public sealed partial class PartyKind
{
    private static Step<Party, Pulse> OnHeartbeat(Party state, Heartbeat beat, RuleContext context)
    {
        if (WhyNot(state, beat.By) is { } refusal)
        {
            return refusal;
        }

        var next = Alive(Arrived(state, beat.By, beat.SignalsUpTo), beat.By, context.Now);
        return Go(next).Reply(PulseOf(next, beat.By, context.Now));
    }

    private static Step<Party, Pulse> OnReport(Party state, Report report, RuleContext context)
    {
        if ((WhyNot(state, report.By) ?? PartyLimits.Check(state, report)) is { } refusal)
        {
            return refusal;
        }

        var before = state.Find(report.By)!;
        // Whoever left meanwhile is no longer reached; that is no fault of the report's.
        var paths = report.Paths is { IsDefault: false } told
            ? told.RemoveAll(path => state.Find(path.To) is null) : before.Paths;
        var after = before with
        {
            Candidates = report.Candidates is { IsDefault: false } candidates ? candidates : before.Candidates,
            Nat = report.Nat ?? before.Nat,
            Paths = paths,
            LastSeenAt = context.Now,
        };
        var changing = new Changing(state.With(after), context.Now);
        if (after.Nat.Kind != before.Nat.Kind)
        {
            changing.Tell(new NatChanged(
                $"{after.Name} is behind {NatPairs.Words(after.Nat.Kind)}.", after.Id, after.Nat.Kind));
        }

        foreach (var path in paths)
        {
            var old = before.Paths.FirstOrDefault(each => each.To == path.To);
            if (old?.Via != path.Via || old.Detail != path.Detail)
            {
                changing.Tell(new PathChanged(
                    $"{after.Name} to {state.Find(path.To)!.Name}: {Spell(path)}.",
                    after.Id, path.To, path.Via, path.Detail));
            }
        }

        var step = changing.Step();
        if (changing.Party.Revision == state.Revision && IsOther(before, after))
        {
            changing.Party = changing.Party with { Revision = state.Revision + 1 };
            step = Go(changing.Party);
        }

        return step.Reply(PulseOf(changing.Party, report.By, context.Now));
    }

    private static bool IsOther(Member before, Member after) => before.Nat != after.Nat
        || !before.Candidates.SequenceEqual(after.Candidates) || !before.Paths.SequenceEqual(after.Paths);

    private static Step<Party> OnSignal(Party state, SendSignal signal, RuleContext context)
    {
        if ((WhyNot(state, signal.By) ?? PartyLimits.CheckSignal(signal.Data)) is { } refusal)
        {
            return refusal;
        }

        var sender = state.Find(signal.By)!;
        if (state.Find(signal.To) is null || signal.To == signal.By)
        {
            return Refuse("no-such-member", "There is no other member of this id.");
        }

        if (signal.Sequence <= sender.LastSequence)
        {
            return Refuse("replayed",
                $"The sequence of a signal must be larger than the last, which was {sender.LastSequence}.");
        }

        var waiting = state.Signals.RemoveAll(each => each.SentAt + PartyLimits.SignalsWait <= context.Now);
        if (waiting.Count(each => each.To == signal.To) >= PartyLimits.MostSignals)
        {
            return Refuse("too-many-signals", $"{PartyLimits.MostSignals} signals wait for that member. It will have "
                + $"them, or they are forgotten, within {PartyLimits.SignalsWait.TotalSeconds:0} seconds.");
        }

        var number = state.LastSignal + 1;
        var next = state.With(sender with { LastSequence = signal.Sequence, LastSeenAt = context.Now }) with
        {
            LastSignal = number,
            Signals = waiting.Add(new Signal(number, signal.By, signal.To, signal.Data, context.Now)),
        };
        return Go(next);
    }

    private static Party Arrived(Party state, string member, long upTo) =>
        upTo > 0 && state.Signals.Any(signal => signal.To == member && signal.Number <= upTo)
            ? state with { Signals = state.Signals.RemoveAll(each => each.To == member && each.Number <= upTo) }
            : state;

    private static Party Alive(Party state, string id, DateTimeOffset now)
    {
        var member = state.Find(id)!;
        return now - member.LastSeenAt < BeatEvery ? state : state.With(member with { LastSeenAt = now });
    }

    private static Pulse PulseOf(Party state, string member, DateTimeOffset now) => new(
        state.Revision, SignalsFor(state, member, now));

    /// <summary>What waits for a member.</summary>
    public static ImmutableArray<Signal> SignalsFor(Party state, string member, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [.. state.Signals.Where(signal => signal.To == member && signal.SentAt + PartyLimits.SignalsWait > now)];
    }

    private static string Spell(PathReport path) => path.Via switch
    {
        PathVia.Direct => "direct",
        PathVia.Relay => $"through the relay {path.Detail}".TrimEnd(),
        PathVia.WebSocket => $"over a WebSocket through {path.Detail}",
        PathVia.Connecting => "a way is being looked for",
        _ => "no way",
    };
}
