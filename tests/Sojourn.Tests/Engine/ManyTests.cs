using Sojourn.Stores;

namespace Sojourn.Tests.Engine;

/// <summary>Asking and telling many sessions at once.</summary>
public sealed class ManyTests
{
    public static TheoryData<Durability> AllDurabilities { get; } =
        [Durability.Durable, Durability.WriteBehind, Durability.Volatile];

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task Sessions_are_found_by_status_label_age_and_text(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await CreateAsync(bench, "red-1", "open", ("team", "red"), ("room", "Attic"));
        bench.Clock.Advance(TimeSpan.FromHours(1));
        await CreateAsync(bench, "red-2", "working", ("team", "red"));
        await CreateAsync(bench, "blue-1", "done", ("team", "blue"));

        async Task ShouldFindAsync(Sojourn.Stores.SessionQuery query, params string[] ids)
        {
            var found = await bench.Sojourn.ListAsync(query);
            found.Sessions.Select(session => session.Key.Id.ToString()).Order(StringComparer.Ordinal)
                .ShouldBe(ids.Order(StringComparer.Ordinal));
            (await bench.Sojourn.CountAsync(query)).ShouldBe(ids.Length);
        }

        var noon = bench.Clock.GetUtcNow();
        await ShouldFindAsync(new(), "red-1", "red-2", "blue-1");
        await ShouldFindAsync(new() { Kind = "tally", Status = "done" }, "blue-1");
        await ShouldFindAsync(new() { Labels = Labels(("team", "red")) }, "red-1", "red-2");
        await ShouldFindAsync(new() { Labels = Labels(("team", "red"), ("room", "Attic")) }, "red-1");
        await ShouldFindAsync(new() { CreatedBefore = noon }, "red-1");
        await ShouldFindAsync(new() { ActiveBefore = noon.AddMinutes(-30) }, "red-1");
        await ShouldFindAsync(new() { StatusBefore = noon.AddMinutes(-30) }, "red-1");
        await ShouldFindAsync(new() { Text = "RED-" }, "red-1", "red-2");
        await ShouldFindAsync(new() { Text = "attic" }, "red-1");
        await ShouldFindAsync(new() { IsBusy = true }, "red-2");
        await ShouldFindAsync(new() { IsFinal = true }, "blue-1");
        await ShouldFindAsync(new() { Owner = OwnerId.Parse("stranger") });
        await ShouldFindAsync(new() { Owner = null }, "red-1", "red-2", "blue-1");
        await ShouldFindAsync(new() { IsDamaged = true });
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task One_command_reaches_many_and_each_answers_for_itself(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        for (var i = 0; i < 200; i++)
        {
            await bench.CreateAsync($"s{i:000}");
        }

        var all = bench.Sojourn.SelectAsync(new());
        var andNone = WithAsync(all, Bench.Key("none"));
        var asked = await ToListAsync(bench.Sojourn.SendManyAsync(andNone, new Add(2), "once"));
        var again = await ToListAsync(bench.Sojourn.SendManyAsync(all, new Add(2), "once"));

        asked.Count.ShouldBe(201);
        asked.Count(result => result.Answer.IsAccepted).ShouldBe(200);
        asked[^1].Session.ShouldBe(Bench.Key("none"), "in the order of the sessions");
        asked[^1].Answer.Problem!.Type.ShouldBe(ProblemTypes.NotFound);
        again.ShouldAllBe(result => result.Answer.IsReplay);
        (await bench.GetAsync("s150")).State.Total.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task Clean_up_takes_what_ended_long_ago_or_all_but_the_busy(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await bench.CreateAsync("old", "done");
        bench.Clock.Advance(TimeSpan.FromMinutes(30));
        await bench.CreateAsync("young", "done");
        await bench.CreateAsync("busy", "working");
        await bench.CreateAsync("idle");

        var longAgo = bench.Clock.GetUtcNow().AddMinutes(-10);
        (await bench.Sojourn.CleanUpAsync(new() { Status = "done", StatusBefore = longAgo })).ShouldBe(1);
        (await bench.Sojourn.CountAsync(new())).ShouldBe(3);
        (await bench.Sojourn.CleanUpAsync(new())).ShouldBe(2);
        (await bench.GetAsync("busy")).Status.ShouldBe("working");
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task What_has_changed_since_it_was_listed_is_not_removed_if_it_matches_no_more(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        foreach (var id in (string[])["busy", "anew", "ended", "same"])
        {
            await bench.CreateAsync(id);
        }

        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        var where = new SessionQuery { Kind = "tally", IsBusy = false, CreatedBefore = bench.Clock.GetUtcNow() };
        var listed = await ToListAsync(bench.Sojourn.SelectAsync(where));
        await bench.Sojourn.SendAsync("busy", new Move("working"));
        await bench.Sojourn.SendAsync("same", new Add(1));
        await bench.Sojourn.RemoveAsync(Bench.Key("ended"));
        await bench.Sojourn.RemoveAsync(Bench.Key("anew"));
        await bench.CreateAsync("anew");

        var results = await ToListAsync(bench.Sojourn.RemoveManyAsync(listed.ToAsyncEnumerable(), where));

        results.ToDictionary(
                result => result.Session.Id.ToString(),
                result => (result.Answer.Problem?.Type, result.Answer.Problem?.Code, result.IsSkipped))
            .ShouldBe(
                new Dictionary<string, (string?, string?, bool)>
                {
                    ["busy"] = (ProblemTypes.Refused, "no-longer-matches", true),
                    ["anew"] = (ProblemTypes.Refused, "no-longer-matches", true),
                    ["ended"] = (ProblemTypes.NotFound, null, true),
                    ["same"] = (null, null, false),
                },
                ignoreOrder: true);
        (await bench.GetAsync("busy")).Version.ShouldBe(2);
        (await bench.Sojourn.CountAsync(new())).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task Labels_are_set_and_removed_and_lists_find_them(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await CreateAsync(bench, "a", "open", ("team", "red"), ("room", "attic"));

        var labels = new Dictionary<string, string?> { ["team"] = "blue", ["room"] = null, ["floor"] = "2" };
        var answer = await bench.Sojourn.LabelAsync(Bench.Key("a"), labels, new() { OperationId = "paint" });

        answer.Reply.Labels.ShouldBe(Labels(("team", "blue"), ("floor", "2")), ignoreOrder: true);
        (answer.Version, answer.Reply.LastEvent).ShouldBe((2, 1));
        (await bench.Sojourn.LabelAsync(Bench.Key("a"), labels, new() { OperationId = "paint" }))
            .IsReplay.ShouldBeTrue();
        (await bench.Sojourn.CountAsync(new() { Labels = Labels(("team", "blue")) })).ShouldBe(1);
        (await bench.Sojourn.CountAsync(new() { Labels = Labels(("team", "red")) })).ShouldBe(0);
        (await bench.Sojourn.LabelAsync(Bench.Key("a"), labels, new() { ExpectedVersion = 1 }))
            .Problem!.Type.ShouldBe(ProblemTypes.VersionMismatch);
        await Should.ThrowAsync<ArgumentException>(async () => await bench.Sojourn.LabelAsync(
            Bench.Key("a"), new Dictionary<string, string?> { [""] = "x" }));
        var many = Enumerable.Range(0, 15).ToDictionary(i => $"l{i}", string? (i) => "x");
        (await bench.Sojourn.LabelAsync(Bench.Key("a"), many)).Problem!.Type
            .ShouldBe(ProblemTypes.Invalid, "17 labels");
        many.Remove("l0");
        (await bench.Sojourn.LabelAsync(Bench.Key("a"), many)).IsAccepted.ShouldBeTrue("16 labels");
    }

    [Fact]
    public async Task A_touch_is_activity_and_a_read_is_not()
    {
        await using var bench = await StartAsync(Durability.Durable);
        await bench.CreateAsync("a");
        bench.Clock.Advance(TimeSpan.FromMinutes(5));
        var read = await bench.GetAsync();

        var touched = (await bench.Sojourn.TouchAsync(Bench.Key("a"))).Reply;

        read.LastActivityAt.ShouldBe(read.CreatedAt);
        (touched.LastActivityAt - touched.CreatedAt, touched.Version, touched.LastEvent)
            .ShouldBe((TimeSpan.FromMinutes(5), 2, 1));
        (await bench.Sojourn.TouchAsync(Bench.Key("none"))).Problem!.Type.ShouldBe(ProblemTypes.NotFound);
    }

    [Theory]
    [MemberData(nameof(AllDurabilities))]
    public async Task A_fresh_start_leaves_nothing_of_the_old_session(Durability durability)
    {
        await using var bench = await StartAsync(durability);
        await CreateAsync(bench, "a", "open", ("team", "red"));
        await bench.Sojourn.SendAsync("a", new Add(5));
        await bench.Sojourn.SendAsync("a", new Draw(3));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));

        var options = new CreateOptions { Id = "a", Fresh = true, OperationId = "anew" };
        var fresh = await bench.Sojourn.CreateAsync(new StartTally(1), options);
        await bench.Sojourn.SendAsync("a", new Add(1));
        var again = await bench.Sojourn.CreateAsync(new StartTally(1), options);

        (fresh.Reply.State.Total, fresh.Reply.Version, fresh.Reply.Labels.Count, fresh.IsChange)
            .ShouldBe((1, 1, 0, true));
        again.IsReplay.ShouldBeTrue();
        (await bench.GetAsync()).State.Total.ShouldBe(2, "asked again, it does not begin once more");
        (await bench.Sojourn.ReadEventsAsync(Bench.Key("a"), 0, 10)).Select(happened => happened.Number)
            .ShouldBe([1L, 2]);
        (await bench.Sojourn.ReadEntryAsync(Bench.Key("a"), "pictures", 1)).ShouldBeNull();
        (await bench.Sojourn.CountAsync(new())).ShouldBe(1);
    }

    private static Task<Bench> StartAsync(Durability durability) =>
        Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });

    private static async Task CreateAsync(
        Bench bench, string id, string status, params (string Name, string Value)[] labels) =>
        _ = (await bench.Sojourn.CreateAsync(
            new StartTally(0, status), new CreateOptions { Id = id, Labels = Labels(labels) })).Reply;

    private static Dictionary<string, string> Labels(params (string Name, string Value)[] labels) =>
        labels.ToDictionary(label => label.Name, label => label.Value);

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private static async IAsyncEnumerable<SessionKey> WithAsync(IAsyncEnumerable<SessionKey> items, SessionKey last)
    {
        await foreach (var item in items)
        {
            yield return item;
        }

        yield return last;
    }
}
