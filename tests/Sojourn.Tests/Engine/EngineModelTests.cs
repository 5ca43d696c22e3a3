using FsCheck;
using FsCheck.Fluent;
using Sojourn.Stores;
using Sojourn.Testing;

namespace Sojourn.Tests.Engine;

/// <summary>
/// Random lives of many sessions beside a plain reference: no busy session is evicted, no wake-up is missed or comes
/// twice, the counters equal a recount, and what was out of memory comes back as it was.
/// </summary>
public sealed class EngineModelTests
{
    private static readonly string[] Ids = [.. Enumerable.Range(0, 8).Select(i => $"s{i}")];

    private static readonly string[] Statuses = ["open", "open", "working", "done"];

    private static Gen<string> Id => Gen.Elements(Ids);

    private static Gen<Act> Acts => Gen.Frequency(
        (6, from id in Id from status in Gen.Elements(Statuses) select Create(id, status)),
        (6, from id in Id
            from sum in Gen.Choose(1, 9)
            select Send($"add {sum}", id, new Add(sum), one =>
        {
            one.Total += sum;
            one.Events++;
        })),
        (4, from id in Id
            from status in Gen.Elements(Statuses)
            select Send($"move to {status}", id, new Move(status), one => one.Status = status)),
        (3, from id in Id from minutes in Gen.Choose(1, 90) select RingIn(id, minutes)),
        (2, from id in Id
            select new Act($"touch {id}", async (run, model) =>
            (model.Step(id, _ => { }), (await run.Bench.Sojourn.TouchAsync(Bench.Key(id))).Problem?.Type))),
        (2, from id in Id
            select new Act($"remove {id}", async (run, model) =>
            (model.Remove(id), (await run.Bench.Sojourn.RemoveAsync(Bench.Key(id))).Problem?.Type))),
        (5, from minutes in Gen.Choose(1, 50)
            select new Act($"{minutes} min pass", (run, model) =>
        {
            model.Advance(TimeSpan.FromMinutes(minutes));
            run.JumpTo(model.Now);
            return Task.FromResult<(string?, string?)>((null, null));
        })),
        (2, from most in Gen.Choose(1, 8)
            from full in Gen.Elements(WhenFull.Refuse, WhenFull.EvictOldest, WhenFull.EvictLeastRecentlyUsed)
            from inMemory in Gen.Choose(1, 4)
            from keep in Gen.Choose(10, 120)
            select Reconfigure(most, full, inMemory, TimeSpan.FromMinutes(keep))),
        (1, Gen.Constant(new Act("restart", async (run, model) =>
        {
            await run.RestartAsync(model.Policy);
            model.Restart();
            return (null, null);
        }))));

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    [InlineData(Durability.Volatile)]
    public async Task Whatever_happens_the_engine_has_what_the_reference_has(Durability durability)
    {
        // FsCheck runs properties one after another on a thread of its own: the runs themselves are awaited here.
        var seeds = Enumerable.Range(1, 30);
        foreach (var seed in seeds)
        {
            var acts = Acts.ListOf(40).Sample(30, new Rnd((ulong)seed), 1).First();
            await RunAsync(durability, seed, acts);
        }
    }

    private static async Task RunAsync(Durability durability, int seed, IEnumerable<Act> acts)
    {
        var policy = TallyKind.DefaultPolicy with { Durability = durability, MaxSessions = 5, MaxInMemory = 2 };
        await using var run = new Run();
        await run.RestartAsync(policy);
        var model = new EngineModel(policy, run.Bench.Clock.GetUtcNow());
        var story = new List<string> { $"{durability}, seed {seed}" };
        foreach (var act in acts.Where(act => act.Name != "restart" || durability != Durability.Volatile))
        {
            // Time passes between any two commands, so that "oldest" is never a matter of chance.
            model.Advance(TimeSpan.FromSeconds(1));
            run.JumpTo(model.Now);
            await SettleAsync(run, model, story);
            story.Add(act.Name);
            var (expected, actual) = await act.Do(run, model);
            actual.ShouldBe(expected, string.Join("; ", story));
            await SettleAsync(run, model, story);
            await CheckAsync(run, model, string.Join("; ", story));
        }
    }

    /// <summary>Waits for the wake-ups that are due; a bug makes this wait for ever, and the bound says so.</summary>
    private static async Task SettleAsync(Run run, EngineModel model, List<string> story)
    {
        var patience = Bench.Patience();
        while (true)
        {
            var statistics = (await run.Bench.Sojourn.StatisticsAsync()).Kinds.Single();
            var rung = statistics.Sessions == model.Sessions.Count
                && statistics.Activity!.Expired == model.Expired;
            foreach (var session in model.Sessions.Where(one => rung && one.Rings > 0))
            {
                var seen = await run.Bench.Sojourn.GetAsync<Tally>(session.Id);
                rung &= seen.IsAccepted && seen.Reply.State.Rings >= session.Rings;
            }

            if (rung)
            {
                return;
            }

            patience.IsCancellationRequested.ShouldBeFalse(
                $"{statistics.Sessions} sessions, {statistics.Activity!.Expired} expired; expected "
                + $"{model.Sessions.Count}, {model.Expired}: {string.Join("; ", story)}");
            await Task.Yield();
        }
    }

    private static async Task CheckAsync(Run run, EngineModel model, string story)
    {
        var engine = run.Bench.Sojourn;
        foreach (var expected in model.Sessions)
        {
            var answer = await engine.GetAsync<Tally>(expected.Id);
            answer.IsAccepted.ShouldBeTrue($"{expected.Id}: {story}");
            var seen = answer.Reply;
            (seen.State.Total, seen.State.Rings, seen.State.RingAt, seen.Status, seen.Version, seen.LastEvent)
                .ShouldBe((expected.Total, expected.Rings, expected.RingAt, expected.Status, expected.Version,
                    expected.Events), $"{expected.Id}: {story}");
            (seen.CreatedAt, seen.LastActivityAt).ShouldBe((expected.CreatedAt, expected.Active), story);
        }

        var listed = new List<string>();
        await foreach (var key in engine.SelectAsync(new SessionQuery()))
        {
            listed.Add(key.Id.ToString());
        }

        listed.Order(StringComparer.Ordinal).ShouldBe(
            model.Sessions.Select(one => one.Id).Order(StringComparer.Ordinal), story);
        var kind = (await engine.StatisticsAsync()).Kinds.Single();
        var activity = kind.Activity!;
        (activity.Created, activity.Removed, activity.Expired, activity.Evicted)
            .ShouldBe((model.Created, model.Removed, model.Expired, model.Evicted), story);
        kind.ByStatus.ShouldAllBe(
            status => status.Value == model.Sessions.Count(one => one.Status == status.Key), story);
        kind.Sessions.ShouldBe(model.Sessions.Count, story);
        (await engine.StatisticsAsync(OwnerId.Local)).Kinds.Single().ByStatus
            .ShouldAllBe(status => kind.ByStatus[status.Key] == status.Value, story);
        if (kind.Bytes > 0 || model.Sessions.Count == 0)
        {
            await engine.FlushAsync();
            var census = await run.Store.CensusAsync(default);
            census.ByStatus.Sum(count => count.Bytes).ShouldBe(kind.Bytes, story);
        }
    }

    private static Act Create(string id, string status) => new($"create {id} {status}", async (run, model) =>
    {
        var expected = model.Create(id, status);
        var answer = await run.Bench.Sojourn.CreateAsync(new StartTally(0, status), new CreateOptions { Id = id });
        return (expected, answer.Problem?.Type);
    });

    private static Act Send(
        string name, string id, object command, Action<Modelled> change) =>
        new($"{name} on {id}", async (run, model) =>
        {
            var expected = model.Step(id, change);
            var answer = await run.Bench.Sojourn.SendAsync(Bench.Key(id), command);
            return (expected, answer.Problem?.Type);
        });

    private static Act RingIn(string id, int minutes) => new($"ring {id} in {minutes} min", async (run, model) =>
    {
        var at = model.Now.AddMinutes(minutes);
        var expected = model.Step(id, one => one.RingAt = at);
        return (expected, (await run.Bench.Sojourn.SendAsync(id, new RingAt(at))).Problem?.Type);
    });

    private static Act Reconfigure(int most, WhenFull full, int inMemory, TimeSpan keep) =>
        new($"at most {most}, {full}, {inMemory} in memory, done for {keep}", async (run, model) =>
        {
            var policy = model.Policy with
            {
                MaxSessions = most,
                WhenFull = full,
                MaxInMemory = inMemory,
                Statuses = [.. model.Policy.Statuses.Select(
                    status => status.Final ? status with { KeepFor = keep } : status)],
            };
            model.Reconfigure(policy);
            await run.Bench.Sojourn.ReconfigureAsync("tally", policy);
            return (null, null);
        });

    private sealed record Act(string Name, Func<Run, EngineModel, Task<(string? Expected, string? Actual)>> Do);

    /// <summary>An engine that can be stopped and started again on the same store.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly ManualClock _clock = new();

        public MemoryStore Store { get; } = new();

        public Bench Bench { get; private set; } = null!;

        /// <summary>All at once: nobody sees a time in between.</summary>
        public void JumpTo(DateTimeOffset now)
        {
            _clock.JumpTo(now);
            _clock.Advance(TimeSpan.Zero);
        }

        public async Task RestartAsync(Policy policy)
        {
            await DisposeAsync();
            Bench = await Bench.StartAsync(policy, Store, _clock);
        }

        public ValueTask DisposeAsync() => Bench?.DisposeAsync() ?? default;
    }
}
