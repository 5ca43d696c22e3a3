using System.Collections.Immutable;
using Sojourn.Parties;

namespace Sojourn.Kinds.Parties;

/// <content>What members ask and say.</content>
public sealed partial class PartyKind
{
    private const int ShortestCheck = 5, LongestCheck = 300;

    private static Step<Party> OnAskReady(Party state, AskReady ask, RuleContext context)
    {
        if (WhyNotHost(state, ask.By) is { } refusal)
        {
            return refusal;
        }

        if (ask.Seconds is < ShortestCheck or > LongestCheck)
        {
            return PartyLimits.OutOfRange("seconds", $"{ShortestCheck} to {LongestCheck}");
        }

        if (state.ReadyCheck is { IsOver: false })
        {
            return Refuse("ready-check-open", "A ready check is under way; wait until it is over.");
        }

        var check = new ReadyCheck(
            (state.ReadyCheck?.Number ?? 0) + 1, ask.By, context.Now.AddSeconds(ask.Seconds), IsOver: false,
            // Who asks is ready, if it is there.
            (ask.By is Owner ? [] : new[] { KeyValuePair.Create(ask.By, true) })
                .ToImmutableSortedDictionary(StringComparer.Ordinal));
        var changing = new Changing(state with { ReadyCheck = check }, context.Now);
        changing.Tell(new ReadyAsked(
            $"{NameOf(state, ask.By)} asks: is everybody ready?", check.Number, check.EndsAt));
        EndReadyCheckIfAnswered(changing);
        return changing.Step();
    }

    private static Step<Party> OnAnswerReady(Party state, AnswerReady answer, RuleContext context)
    {
        if (WhyNot(state, answer.By) is { } refusal)
        {
            return refusal;
        }

        if (state.ReadyCheck is not { IsOver: false } check)
        {
            return Refuse("no-ready-check", "Nobody asks at present.");
        }

        if (check.Answers.TryGetValue(answer.By, out var before) && before == answer.Ready)
        {
            return Go(state);
        }

        var changing = new Changing(
            state with { ReadyCheck = check with { Answers = check.Answers.SetItem(answer.By, answer.Ready) } },
            context.Now);
        changing.Tell(new ReadyAnswered(
            $"{state.Find(answer.By)!.Name} is {(answer.Ready ? "" : "not ")}ready.",
            check.Number, answer.By, answer.Ready));
        EndReadyCheckIfAnswered(changing);
        return changing.Step();
    }

    private static void EndReadyCheckIfAnswered(Changing changing)
    {
        var party = changing.Party;
        if (party.Members.All(member => party.ReadyCheck!.Answers.ContainsKey(member.Id)))
        {
            EndReadyCheck(changing);
        }
    }

    private static void EndReadyCheck(Changing changing)
    {
        var party = changing.Party;
        var check = party.ReadyCheck! with { IsOver = true };
        var missing = party.Members.Where(member => !check.Answers.GetValueOrDefault(member.Id)).ToList();
        changing.Party = party with { ReadyCheck = check };
        changing.Tell(new ReadyEnded(
            missing.Count == 0
                ? "Everybody is ready."
                : $"Not ready: {string.Join(", ", missing.Select(member => member.Name))}.",
            check.Number, missing.Count == 0));
    }

    private static Step<Party> OnSay(Party state, Say say, RuleContext context)
    {
        if ((WhyNot(state, say.By) ?? PartyLimits.CheckLine(say.Text)) is { } refusal)
        {
            return refusal;
        }

        var member = state.Find(say.By)!;
        var until = member.SaidUntil > context.Now ? member.SaidUntil : context.Now;
        if (until - context.Now > PartyLimits.SayEvery * (PartyLimits.MostLinesAtOnce - 1))
        {
            return Refuse("too-fast", "You say too much at once; wait a moment.");
        }

        var next = state.With(
            member with { SaidUntil = until + PartyLimits.SayEvery, LastSeenAt = context.Now });
        return Go(next).Event(new Said($"{member.Name}: {say.Text}", member.Id, member.Name, say.Text));
    }
}
