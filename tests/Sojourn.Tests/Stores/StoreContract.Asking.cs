using Sojourn.Stores;

namespace Sojourn.Tests.Stores;

/// <summary>Asking about many: lists, counts, the census, victims, due sessions and fair claims.</summary>
public abstract partial class StoreContract
{
    private static readonly string[] Kinds = ["tally", "counter", "game"];
    private static readonly string[] Owners = ["local", "anna", "ben"];
    private static readonly string[] Statuses = ["open", "working", "done"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_asked_the_list_the_count_and_the_census_are_those_of_a_full_look(int seed)
    {
        var random = new Random(seed);
        var model = await FillAsync(random, 300);
        await ReopenAsync();

        for (var i = 0; i < 150; i++)
        {
            var query = RandomQuery(random);
            var expected = model.Where(query.Matches).Reverse().Select(session => session.Key).ToList();
            (await ListAllAsync(query)).ShouldBe(expected, $"seed {seed}, query {i}: {query}");
            (await Store.CountAsync(query, long.MaxValue, default)).ShouldBe(expected.Count, $"query {i}: {query}");
            (await Store.CountAsync(query, 3, default)).ShouldBe(Math.Min(3, expected.Count), $"query {i}: {query}");
        }

        var census = await Store.CensusAsync(default);
        census.ByStatus.OrderBy(count => count.ToString(), StringComparer.Ordinal).ShouldBe(model
            .GroupBy(session => (session.Key.Kind, session.Key.Owner, session.Status))
            .Select(same => new SessionCount(
                same.Key.Kind, same.Key.Owner, same.Key.Status, same.Count(), same.Sum(session => session.Bytes)))
            .OrderBy(count => count.ToString(), StringComparer.Ordinal));
        census.ByAge.OrderBy(count => count.ToString(), StringComparer.Ordinal).ShouldBe(model
            .GroupBy(session => (session.Key.Kind, Hour: session.CreatedAt.UtcTicks / TimeSpan.TicksPerHour))
            .Select(same => new AgeCount(
                same.Key.Kind, new DateTimeOffset(same.Key.Hour * TimeSpan.TicksPerHour, TimeSpan.Zero), same.Count()))
            .OrderBy(count => count.ToString(), StringComparer.Ordinal));
        (await Store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Victims_are_the_expired_then_the_final_then_the_idle_and_never_the_busy(int seed)
    {
        var random = new Random(seed);
        var model = await FillAsync(random, 300);

        for (var i = 0; i < 60; i++)
        {
            var query = new VictimQuery(
                Kind: random.Next(3) == 0 ? null : Pick(random, Kinds),
                Owner: random.Next(2) == 0 ? null : OwnerId.Parse(Pick(random, Owners)),
                ByActivity: random.Next(2) == 0,
                Now: Noon.AddMinutes(random.Next(300)),
                Limit: random.Next(1, 80));
            var expected = model
                .Select((session, place) => (session, place))
                .Where(at => !at.session.IsBusy && (query.Kind is null || at.session.Key.Kind == query.Kind)
                    && (query.Owner is null || at.session.Key.Owner == query.Owner))
                .OrderBy(at => at.session.ExpiresAt <= query.Now ? 0 : at.session.IsFinal ? 1 : 2)
                .ThenBy(at => query.ByActivity ? at.session.LastActivityAt.UtcTicks : at.place)
                .ThenBy(at => at.place)
                .Take(query.Limit)
                .Select(at => new Victim(at.session.Key, at.session.Version, at.session.CreatedAt));

            (await Store.VictimsAsync(query, default)).ShouldBe(expected, $"seed {seed}, query {i}: {query}");
        }
    }

    [Fact]
    public async Task Only_the_kinds_that_are_asked_for_are_due()
    {
        foreach (var kind in Kinds)
        {
            var due = Record("a", 1, new SessionKey(kind, OwnerId.Local, "a"));
            await CommitAsync(Save(due with { WakeAt = Noon.AddHours(kind.Length) }));
        }

        var both = await Store.DueAsync(["counter", "tally"], Noon.AddHours(9), 10, default);
        both.Due.Select(key => key.Kind).ShouldBe(["tally", "counter"]);
        both.Next.ShouldBeNull();
        (await Store.DueAsync(["game"], Noon, 10, default)).Next.ShouldBe(Noon.AddHours(4));
        var none = await Store.DueAsync([], Noon.AddHours(9), 10, default);
        (none.Due.Count, none.Next).ShouldBe((0, null));
        (await Store.DueAsync(["counter", "tally", "game"], Noon.AddHours(9), 1, default)).Next
            .ShouldBe(Noon.AddHours(5), "the second, which was one too many");
    }

    [Fact]
    public async Task Owners_take_turns_at_being_driven_and_who_is_driven_least_comes_first()
    {
        foreach (var (owner, count) in new[] { ("anna", 5), ("ben", 2), ("local", 1) })
        {
            for (var i = 0; i < count; i++)
            {
                var key = new SessionKey("tally", OwnerId.Parse(owner), $"{owner}{i}");
                await CommitAsync(Save(Record("", 1, key) with { IsBusy = true, Status = "working" }));
            }
        }

        async Task<string[]> ClaimAsync(DateTimeOffset now, int limit) =>
            [.. (await Store.ClaimAsync(Claim("me", now, limit))).Select(lease => lease.Key.Id.ToString())];
        (await ClaimAsync(Noon, 2)).ShouldBe(["anna0", "ben0"], "one each, the oldest owner's first");
        (await ClaimAsync(Noon, 3)).ShouldBe(["local0", "anna1", "ben1"], "local has none yet");
        (await ClaimAsync(Noon, 9)).ShouldBe(["anna2", "anna3", "anna4"]);
        (await ClaimAsync(Noon, 9)).ShouldBeEmpty();
        (await ClaimAsync(Noon.AddMinutes(2), 1)).ShouldBe(["anna0"], "all those leases are over");
    }

    [Fact]
    public async Task Whatever_version_it_has_a_session_can_be_removed()
    {
        await CommitAsync(Save(Record("a", 7), entries: Entries("events", 1, 3)));

        (await CommitAsync(new RemoveSession(Key("a"), RemoveSession.AnyVersion)))
            .ShouldBe([CommitResult.Committed]);

        (await Store.LoadAsync(Key("a"), default)).ShouldBeNull();
        (await Store.CensusAsync(default)).ByStatus.ShouldBeEmpty();
        (await CommitAsync(new RemoveSession(Key("a"), RemoveSession.AnyVersion)))
            .ShouldBe([CommitResult.Committed], "nothing is there, as was asked");
    }

    [Fact]
    public async Task What_is_trimmed_is_gone_from_named_streams_and_from_the_middle_of_a_commit_too()
    {
        var record = Record("a") with
        {
            FirstEvent = 8,
            LastEvent = 10,
            Tails = new Dictionary<string, StreamTail> { ["pictures"] = new(3, 4, []) },
        };
        await CommitAsync(Save(record, entries: [.. Entries("events", 1, 10), .. Entries("pictures", 1, 4)]) with
        {
            Trims = [new StreamTrim("events", 8), new StreamTrim("pictures", 3)],
        });

        (await ReadAsync("events")).ShouldBe([8L, 9, 10]);
        (await ReadAsync("pictures")).ShouldBe([3L, 4]);
        (await Store.CheckAsync(default)).Entries.ShouldBe(5);
    }

    private async Task<long[]> ReadAsync(string stream) =>
        [.. (await Store.ReadStreamAsync(new StreamKey(Key("a"), stream), 0, 1000, 1 << 20, default))
            .Select(entry => entry.Number)];

    private async Task<List<SessionKey>> ListAllAsync(SessionQuery query)
    {
        var found = new List<SessionKey>();
        do
        {
            var page = await Store.ListAsync(query, default);
            page.Sessions.Count.ShouldBeLessThanOrEqualTo(query.Limit);
            found.AddRange(page.Sessions.Select(session => session.Key));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);

        return found;
    }

    /// <summary>Sessions that begin, change and end by chance; returned in the order in which they began.</summary>
    private async Task<List<SessionRecord>> FillAsync(Random random, int steps)
    {
        var model = new List<SessionRecord>();
        for (var i = 0; i < steps; i++)
        {
            var place = random.Next(model.Count + 1);
            if (place < model.Count && random.Next(4) == 0)
            {
                await CommitAsync(new RemoveSession(model[place].Key, model[place].Version));
                model.RemoveAt(place);
            }
            else if (place < model.Count && random.Next(2) == 0)
            {
                var next = RandomRecord(random, model[place].Key, model[place].Version + 1) with
                {
                    CreatedAt = model[place].CreatedAt,
                };
                (await CommitAsync(Save(next, model[place].Version))).ShouldBe([CommitResult.Committed]);
                model[place] = next;
            }
            else
            {
                var key = new SessionKey(Pick(random, Kinds), OwnerId.Parse(Pick(random, Owners)), $"s{i}");
                model.Add(RandomRecord(random, key, 1));
                await CommitAsync(Save(model[^1]));
            }
        }

        return model;
    }

    private static SessionRecord RandomRecord(Random random, SessionKey key, long version)
    {
        var status = Pick(random, Statuses);
        DateTimeOffset Time() => Noon.AddSeconds(random.Next(20_000));
        var labels = new Dictionary<string, string>();
        foreach (var name in new[] { "team", "level" })
        {
            if (random.Next(2) == 0)
            {
                labels[name] = Pick(random, ["Red", "blue", "7"]);
            }
        }

        return Record("", version, key) with
        {
            Status = status,
            IsBusy = status == "working",
            IsFinal = status == "done",
            CreatedAt = Time(),
            LastActivityAt = Time(),
            StatusSince = Time(),
            ExpiresAt = random.Next(3) == 0 ? Time() : null,
            WakeAt = random.Next(3) == 0 ? Time() : null,
            Bytes = random.Next(1000),
            Labels = labels,
        };
    }

    private static SessionQuery RandomQuery(Random random)
    {
        bool Sometimes() => random.Next(4) == 0;
        DateTimeOffset? Time() => Sometimes() ? Noon.AddSeconds(random.Next(20_000)) : null;
        bool? Choice() => Sometimes() ? random.Next(2) == 0 : null;
        return new SessionQuery
        {
            Kind = random.Next(2) == 0 ? Pick(random, Kinds) : null,
            Kinds = Sometimes() ? [.. Kinds.Where(_ => random.Next(2) == 0), "none"] : null,
            Owner = random.Next(2) == 0 ? OwnerId.Parse(Pick(random, Owners)) : null,
            Status = Sometimes() ? Pick(random, Statuses) : null,
            Labels = Sometimes()
                ? new[] { ("team", "Red"), ("level", "7") }.Take(random.Next(3)).ToDictionary()
                : new Dictionary<string, string>(),
            Text = Sometimes() ? Pick(random, ["S1", "2", "RED", "nobody"]) : null,
            CreatedBefore = Time(),
            ActiveBefore = Time(),
            StatusBefore = Time(),
            IsBusy = Choice(),
            IsFinal = Choice(),
            Limit = random.Next(1, 30),
        };
    }

    private static string Pick(Random random, string[] choices) => choices[random.Next(choices.Length)];
}
