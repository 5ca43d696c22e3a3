using Sojourn.Parties;

namespace Sojourn.Kinds.Parties;

/// <summary>
/// Friends in a party: who is there, at which address, how they reach each other, and what they tell each other.
/// Whoever joins first is host; if the host goes, the one who has been there longest is.
/// </summary>
public sealed partial class PartyKind : Kind<Party>
{
    /// <summary>The kind's name on the wire.</summary>
    public const string KindName = "party";

    // Who asks and is no member: the owner of the session. A member always asks under its id, as the server sees to.
    private const string Owner = "";

    // Signs of life nearer than this to the last take no step.
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(1);

    // A wake-up that comes later than this was slept through: the node was down, and nobody could be heard.
    private static readonly TimeSpan PunctualWithin = TimeSpan.FromMinutes(2);

    private readonly TimeSpan _silentAfter;
    private readonly TimeSpan _emptyFor;

    /// <summary>Builds the rules.</summary>
    /// <param name="options">The limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public PartyKind(PartyOptions? options = null)
        : base(KindName, (options ??= new PartyOptions()).ToPolicy())
    {
        (_silentAfter, _emptyFor) = (options.SilentAfter, options.EmptyFor);

        Start<StartParty>(Begin);
        On<Join, Joined>(OnJoin);
        On<Leave>(OnLeave);
        On<Kick>(OnKick);
        On<Ban>(OnBan);
        On<Unban>(OnUnban);
        On<HandOver>(OnHandOver);
        On<Settle>(OnSettle);
        On<Invite>(OnInvite);
        On<EndParty>(OnEnd);
        On<Heartbeat, Pulse>(OnHeartbeat);
        On<Report, Pulse>(OnReport);
        On<SendSignal>(OnSignal);
        On<AskReady>(OnAskReady);
        On<AnswerReady>(OnAnswerReady);
        On<Say>(OnSay);

        Emits<PartyMade>();
        Emits<MemberJoined>();
        Emits<MemberReturned>();
        Emits<MemberGone>();
        Emits<MemberUnbanned>();
        Emits<HostChanged>();
        Emits<PartySettled>();
        Emits<InvitationChanged>();
        Emits<NatChanged>();
        Emits<PathChanged>();
        Emits<ReadyAsked>();
        Emits<ReadyAnswered>();
        Emits<ReadyEnded>();
        Emits<Said>();
        Emits<PartyEnded>();
    }

    /// <inheritdoc />
    protected override string StatusOf(Party state) => state.EndedAt is null ? "open" : "ended";

    /// <inheritdoc />
    protected override DateTimeOffset? WakeAt(Party state)
    {
        if (state.EndedAt is not null)
        {
            return null;
        }

        var due = state.EmptySince + _emptyFor ?? DateTimeOffset.MaxValue;
        foreach (var member in state.Members)
        {
            due = Earlier(due, member.LastSeenAt + _silentAfter);
        }

        return state.ReadyCheck is { IsOver: false } check ? Earlier(due, check.EndsAt) : due;
    }

    /// <inheritdoc />
    protected override Step<Party> Wake(Party state, RuleContext context)
    {
        var changing = new Changing(state, context.Now);
        if (state.ReadyCheck is { IsOver: false } check && context.Now >= check.EndsAt)
        {
            EndReadyCheck(changing);
        }

        // Whoever could not be heard has as much time again.
        foreach (var member in state.Members.Where(member => context.Now >= member.LastSeenAt + _silentAfter))
        {
            if (context.Now - (member.LastSeenAt + _silentAfter) > PunctualWithin)
            {
                changing.Party = changing.Party.With(member with { LastSeenAt = context.Now });
            }
            else if (context.Now < context.AwakeSince + _silentAfter)
            {
                changing.Party = changing.Party.With(member with { LastSeenAt = context.AwakeSince });
            }
            else
            {
                Remove(changing, member, Why.Silent);
            }
        }

        if (changing.Party.EndedAt is null && changing.Party.EmptySince + _emptyFor <= context.Now)
        {
            End(changing, "empty", "Nobody was there for a while.");
        }

        return changing.Step();
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static Step<Party> Begin(StartParty start, RuleContext context)
    {
        if (PartyLimits.Check(start, out var subnet) is { } refusal)
        {
            return refusal;
        }

        var party = new Party
        {
            Name = start.Name,
            Size = start.Size,
            Subnet = subnet,
            Invitation = start.Invitation,
            PasswordHash = start.PasswordHash,
            EndsWithHost = start.EndsWithHost,
            CreatedAt = context.Now,
            EmptySince = context.Now,
        };
        return Go(party).Event(new PartyMade($"The party {start.Name} was made.", start.Name));
    }

    private static Step<Party> OnEnd(Party state, EndParty end, RuleContext context)
    {
        if (state.EndedAt is not null)
        {
            return Go(state);
        }

        if (WhyNotHost(state, end.By) is { } refusal)
        {
            return refusal;
        }

        var changing = new Changing(state, context.Now);
        End(changing, end.By is Owner ? "owner" : "host", $"{NameOf(state, end.By)} ended it.");
        return changing.Step();
    }

    private static void End(Changing changing, string why, string sentence)
    {
        changing.Party = changing.Party with
        {
            EndedAt = changing.Now,
            Members = [],
            Signals = [],
            Host = "",
            EmptySince = null,
        };
        changing.Tell(new PartyEnded($"The party is over. {sentence}", why));
    }

    /// <summary>Why somebody cannot speak here at all; null if it can.</summary>
    private static Refusal? WhyNot(Party state, string by) => WhyNotOpen(state)
        ?? (state.Find(by) is not null ? null : Refuse("not-a-member",
            "You are not, or no longer, in this party. Join it again, if its host did not remove you."));

    private static Refusal? WhyNotOpen(Party state) =>
        state.EndedAt is null ? null : Refuse("party-over", "The party is over; make a new one.");

    private static string NameOf(Party state, string by) => by is Owner ? "The owner" : state.Find(by)!.Name;

    private static Refusal? WhyNotHost(Party state, string by) => (by is Owner ? WhyNotOpen(state) : WhyNot(state, by))
        ?? (state.Host == by || by is Owner ? null : Refuse("host-only",
            $"Only the host can do that, and that is {state.Find(state.Host)?.Name ?? "nobody"}."));

    /// <summary>A party on its way from one state to the next, with what is told of it.</summary>
    private sealed class Changing(Party party, DateTimeOffset now)
    {
        private readonly List<object> _events = [];

        public Party Party { get; set; } = party;

        public DateTimeOffset Now { get; } = now;

        public void Tell(object happened) => _events.Add(happened);

        /// <summary>All that members are told of goes up by one number.</summary>
        public Step<Party> Step()
        {
            if (_events.Count > 0)
            {
                Party = Party with { Revision = Party.Revision + 1 };
            }

            var step = Go(Party);
            foreach (var happened in _events)
            {
                step = step.Event(happened);
            }

            return step;
        }
    }
}
