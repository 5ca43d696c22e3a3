using System.Collections.Frozen;
using System.Collections.Immutable;
using Sojourn.Stores;

namespace Sojourn.Engine;

/// <summary>
/// Judges a request whose turn it is: makes the next snapshot of the session, or the reason why there is none. Runs
/// rules, which are pure, and touches neither disk nor network.
/// </summary>
internal sealed class Decider(TimeProvider time, ulong seed)
{
    private static readonly TimeSpan OperationWindowLength = TimeSpan.FromHours(24);

    // A context is valid during one decision, and a thread decides one thing at a time.
    [ThreadStatic]
    private static RuleContext? _context;

    private readonly DateTimeOffset _awakeSince = time.GetUtcNow();

    /// <summary>Judges; afterwards the request has an answer, and a change if there is one. Never throws.</summary>
    /// <returns>The exception of a broken rule, to be logged; null if all went as it should.</returns>
    public Exception? Judge(Request request)
    {
        var cell = request.Cell;
        var there = cell.Latest;
        // A fresh start is judged as if there were nothing. What is there goes with its commit, and with that alone.
        var latest = request.BeginsAnew ? null : there;
        request.Change = null;
        request.Operation = null;
        if (latest is not null && request.ExpectedVersion is { } expected && expected != latest.Version)
        {
            request.Answer = new(Problems.VersionMismatch(cell, latest, expected));
            return null;
        }

        var now = Now(there, request.BeginsAnew);
        var context = (_context ??= new RuleContext()).Begin(
            seed, cell.Key, latest?.Version ?? 0, (now, _awakeSince));
        try
        {
            var verdict = request.IsReported(latest) ? Verdict.Same(Nothing.Value) : request.Judge(latest, context);
            request.Answer = verdict switch
            {
                { Problem: { } problem } => new(problem),
                { Removal: { } reason } => Remove(request, latest!, reason),
                { Outcome: { } outcome } => Advance(request, latest, outcome, verdict.Labels, context),
                { IsRestamp: true } => Restamp(request, latest!),
                _ => Unchanged(cell, latest, verdict.Reply),
            };
            return null;
        }
        catch (Exception broken)
        {
            request.Change = null;
            request.Operation = null;
            request.Answer = new(Problems.RuleFailed(cell, broken));
            return broken;
        }
    }

    /// <summary>
    /// Never before the last step. Another life begins after it: lives are told apart by when they began.
    /// </summary>
    private DateTimeOffset Now(Snapshot? there, bool beginsAnew)
    {
        var now = time.GetUtcNow();
        var earliest = there is null ? now
            : beginsAnew ? there.LastActivityAt + TimeSpan.FromMicroseconds(1)
            : there.LastActivityAt;
        return now < earliest ? earliest : now;
    }

    private static Answer<object?> Unchanged(Cell cell, Snapshot? latest, object? reply) => new(reply)
    {
        Version = latest?.Version ?? 0,
        DurableVersion = latest is null ? 0 : cell.DurableOf(latest),
        FirstEvent = (latest?.LastEvent ?? 0) + 1,
        LastEvent = latest?.LastEvent ?? 0,
    };

    private static Answer<object?> Remove(Request request, Snapshot latest, RemovalReason reason)
    {
        request.Change = new Change(After: null) { Reason = reason, BaseVersion = latest.Version };
        return Unchanged(request.Cell, latest, Nothing.Value) with { IsChange = true };
    }

    private static Answer<object?> Restamp(Request request, Snapshot latest)
    {
        request.Change = new Change(latest)
        {
            StateJson = request.Cell.Kind.IsVolatile ? default(ReadOnlyMemory<byte>)
                : StateJson.Write(request.Cell.Kind, latest.State),
            BaseVersion = latest.Version,
        };
        return Unchanged(request.Cell, latest, Nothing.Value);
    }

    private static Answer<object?> Advance(
        Request request,
        Snapshot? latest,
        Outcome outcome,
        IReadOnlyDictionary<string, string>? labels,
        RuleContext context)
    {
        var cell = request.Cell;
        if (ReferenceEquals(latest?.State, outcome.State) && outcome.Events.IsEmpty && outcome.Appends.IsEmpty
            && labels is null)
        {
            return Unchanged(cell, latest, request.ReplyFor(outcome.Reply, latest!));
        }

        if (latest?.Status.IsEnd == true && GoesOn(cell.Kind, latest, outcome))
        {
            return new(Problems.Ended(cell, latest));
        }

        var policy = cell.Kind.Policy;
        var events = Encode(outcome.Events, latest, context);
        var fault = Extend(request, latest, outcome, context, out var extras, out var entries, out var trimBefore)
            ?? TooLarge(policy, events, entries);
        if (fault is not null)
        {
            return new(fault);
        }

        var state = cell.Kind.IsVolatile ? default(ReadOnlyMemory<byte>) : StateJson.Write(cell.Kind, outcome.State!);
        if (state.Length > policy.MaxStateBytes)
        {
            return new(Problems.TooLarge("state, in bytes of JSON,", state.Length, policy.MaxStateBytes));
        }

        extras = labels is null ? extras : extras with { Labels = labels };
        var grown = AddEvents(cell, latest, extras, events, context) with { StateBytes = state.Length };
        var after = Next(cell, latest, outcome.State!, grown, context);
        var before = cell.Latest;
        var ends = latest is { Status.Final: false } && after.Status.Final;
        if (!ends && OverQuota(request, before, after) is { } quota)
        {
            return new(quota);
        }

        var reply = request.ReplyFor(outcome.Reply, after);
        request.Operation = Remember(request, reply, after, events.Length, context.Now);
        request.Change = new Change(after)
        {
            StateJson = state,
            Events = events,
            Entries = entries,
            TrimOperationsBefore = trimBefore,
            BaseVersion = before?.Version ?? 0,
            Replaces = latest is null && before is not null,
        };
        return Accepted(cell, reply, after, events);
    }

    /// <summary>Whoever was told that a log is closed does not look again, and would miss what came then.</summary>
    private static bool GoesOn(KindRuntime kind, Snapshot ended, Outcome outcome) =>
        !outcome.Events.IsEmpty || !outcome.Appends.IsEmpty
        || !kind.Status(kind.Rules.StatusOf(outcome.State!), ended.Status).IsEnd;

    private static Snapshot Next(Cell cell, Snapshot? latest, object state, Grown grown, RuleContext context)
    {
        var rules = cell.Kind.Rules;
        var status = cell.Kind.Status(rules.StatusOf(state), latest?.Status);
        var busySince = !status.Busy ? 0 : latest is { BusySince: > 0 } ? latest.BusySince : context.Version + 1;
        var extras = grown.Extras;
        return new Snapshot
        {
            Version = context.Version + 1,
            State = state,
            StateBytes = grown.StateBytes,
            Status = status,
            Extras = busySince == extras.BusySince ? extras : extras with { BusySince = busySince },
            CreatedAt = latest?.CreatedAt ?? context.Now,
            LastActivityAt = context.Now,
            StatusSince = ReferenceEquals(status, latest?.Status) ? latest!.StatusSince : context.Now,
            WakeAt = rules.WakeAt(state),
            LastEvent = grown.LastEvent,
            EventBytes = grown.EventBytes,
        };
    }

    /// <summary>Adds events to the log's portions; the same extras if none was closed or cut.</summary>
    private static Grown AddEvents(
        Cell cell, Snapshot? latest, SnapshotExtras extras, SessionEvent[] events, RuleContext context)
    {
        var (last, bytes) = (latest?.LastEvent ?? 0, latest?.EventBytes ?? 0);
        if (events.Length == 0)
        {
            return new Grown(extras, last, bytes);
        }

        var (keep, portions) = (cell.Kind.EventRetention, extras.Events);
        foreach (var happened in events)
        {
            portions = portions.Add(keep, last, bytes, context.Now);
            (last, bytes) = (last + 1, bytes + happened.Json.Length);
        }

        (portions, bytes) = portions.Cut(keep, last, bytes, context.Now);
        return new Grown(
            ReferenceEquals(portions, extras.Events) ? extras : extras with { Events = portions }, last, bytes);
    }

    /// <summary>
    /// What was begun may end: drivers' reports, wake-ups and what keeps sessions in order are never over a quota.
    /// </summary>
    private static Problem? OverQuota(Request request, Snapshot? before, Snapshot after)
    {
        var account = request.Cell.Account;
        if (account.Quota.MaxBytes is not { } most || request.Lease is not null || request.IsInternal
            || request.IsUpkeep || request is WakeRequest || request.Cell.Kind.IsVolatile)
        {
            return null;
        }

        var growth = after.Bytes - (before?.Bytes ?? 0);
        var total = account.Bytes + account.Coming + growth;
        return growth > 0 && total > most
            ? Problems.QuotaExceeded("bytes", total, most) with
            {
                RetryAfter = request.Cell.Kind.Policy.RetryWhenFull,
            }
            : null;
    }

    private static Answer<object?> Accepted(Cell cell, object? reply, Snapshot after, SessionEvent[] events)
    {
        return new Answer<object?>(reply)
        {
            Version = after.Version,
            DurableVersion = cell.DurableOf(after),
            IsChange = true,
            FirstEvent = after.LastEvent - events.Length + 1,
            LastEvent = after.LastEvent,
            Events = events,
        };
    }

    /// <summary>
    /// What most steps leave alone. Those do not even look: it lies in memory that nothing else of them needs.
    /// </summary>
    private static Problem? Extend(
        Request request,
        Snapshot? latest,
        Outcome outcome,
        RuleContext context,
        out SnapshotExtras extras,
        out StreamEntry[] entries,
        out DateTimeOffset? trimBefore)
    {
        (entries, trimBefore) = ([], null);
        var labels = latest is null ? request.Labels : Snapshot.NoLabels;
        if (outcome.Appends.IsEmpty && request.OperationId is null && request.Report is null && labels.Count == 0)
        {
            extras = latest?.Extras ?? SnapshotExtras.None;
            return null;
        }

        entries = StreamNumbering.Number(request.Cell.Kind.Policy, outcome.Appends, latest, context.Now, out var tails);
        var operations = CountOperation(request, latest, context.Now, out trimBefore);
        extras = Extras(request, latest, tails, operations);
        var limit = request.Cell.Kind.Policy.MaxOperations;
        return operations is { } window && window.Previous + window.Current > limit
            ? Problems.TooManyOperations(limit)
            : null;
    }

    private static SnapshotExtras Extras(
        Request request,
        Snapshot? latest,
        IReadOnlyDictionary<string, StreamTail> tails,
        OperationWindow? operations)
    {
        var extras = latest?.Extras ?? new SnapshotExtras { Labels = request.Labels };
        extras = ReferenceEquals(tails, extras.Tails) ? extras : extras with { Tails = tails };
        return request.Report is null && ReferenceEquals(operations, extras.Operations)
            ? extras
            : extras with { Operations = operations, Reported = request.Report ?? extras.Reported };
    }

    private static Problem? TooLarge(Policy policy, SessionEvent[] events, StreamEntry[] entries)
    {
        var added = events.Length + entries.Length;
        if (added > policy.MaxEventsPerStep)
        {
            return Problems.TooLarge("number of events and entries", added, policy.MaxEventsPerStep);
        }

        var longest = 0;
        foreach (var happened in events)
        {
            longest = Math.Max(longest, happened.Json.Length);
        }

        foreach (var entry in entries)
        {
            longest = Math.Max(longest, entry.Bytes.Length);
        }

        return longest > policy.MaxEntryBytes
            ? Problems.TooLarge("longest event or entry, in bytes,", longest, policy.MaxEntryBytes)
            : null;
    }

    private static SessionEvent[] Encode(ImmutableArray<object> happened, Snapshot? latest, RuleContext context)
    {
        if (happened.IsEmpty)
        {
            return [];
        }

        var events = new SessionEvent[happened.Length];
        var (life, number) = (latest?.CreatedAt ?? context.Now, latest?.LastEvent ?? 0);
        for (var i = 0; i < events.Length; i++)
        {
            number++;
            events[i] = new SessionEvent(
                number, EventEnvelope.Write(new(life, number), context.Version + 1, context.Now, happened[i]));
        }

        return events;
    }

    private static OperationWindow? CountOperation(
        Request request, Snapshot? latest, DateTimeOffset now, out DateTimeOffset? trimBefore)
    {
        trimBefore = null;
        var window = latest?.Extras.Operations;
        if (request.OperationId is null)
        {
            return window;
        }

        if (window is null)
        {
            return new OperationWindow(now, 0, 1);
        }

        if (now - window.Start < OperationWindowLength)
        {
            return window with { Current = window.Current + 1 };
        }

        if (now - window.Start >= OperationWindowLength * 2)
        {
            // Nothing that was used is younger than a window.
            trimBefore = now - OperationWindowLength;
            return new OperationWindow(now, 0, 1);
        }

        // What was used before the window that ends now began is a whole window old, at the least.
        trimBefore = window.Start;
        return new OperationWindow(now, window.Current, 1);
    }

    private static OperationRecord? Remember(
        Request request, object? reply, Snapshot after, int events, DateTimeOffset now) => request.OperationId is null
        ? null
        : new OperationRecord(
            request.OperationId,
            request.Hash,
            request.ReplyType is { } type ? StateJson.WriteReply(reply, type) : ReadOnlyMemory<byte>.Empty,
            after.Version,
            after.LastEvent - events + 1,
            after.LastEvent,
            now);

    /// <summary>What a step has added to.</summary>
    /// <param name="Extras">With the log's portions as they are now.</param>
    /// <param name="LastEvent">The newest event.</param>
    /// <param name="EventBytes">Bytes of the events that are kept.</param>
    private readonly record struct Grown(SnapshotExtras Extras, long LastEvent, long EventBytes)
    {
        public int StateBytes { get; init; }
    }
}
