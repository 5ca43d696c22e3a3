using Sojourn.Stores;

namespace Sojourn.Tests.Engine;

public sealed class LimitTests
{
    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void An_id_has_so_many_characters(int length, bool fits)
    {
        SessionId.TryParse(new string('a', length), out _).ShouldBe(fits);
        OwnerId.TryParse(new string('a', length), out _).ShouldBe(fits);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0.9_-z")]
    public void An_id_may_be(string text) => SessionId.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\0")]
    [InlineData("..")]
    public void An_id_may_not_be(string text) => Should.Throw<FormatException>(() => SessionId.Parse(text));

    [Fact]
    public async Task A_session_has_so_many_labels_of_such_a_length()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Sojourn.CreateAsync(new StartTally(), With(16, 64))).Reply.Labels.Count.ShouldBe(16);
        await Should.ThrowAsync<ArgumentException>(() => CreateAsync(With(17, 64)));
        await Should.ThrowAsync<ArgumentException>(() => CreateAsync(With(1, 65)));

        Task CreateAsync(CreateOptions options) => bench.Sojourn.CreateAsync(new StartTally(), options).AsTask();
        static CreateOptions With(int count, int length) => new()
        {
            Labels = Enumerable.Range(0, count).ToDictionary(i => $"label-{i}", _ => new string('x', length)),
        };
    }

    [Fact]
    public async Task An_operation_id_has_so_many_printable_characters()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        (await SendAsync(new string('x', 128))).IsAccepted.ShouldBeTrue();
        await Should.ThrowAsync<ArgumentException>(() => SendAsync(new string('x', 129)).AsTask());
        await Should.ThrowAsync<ArgumentException>(() => SendAsync("").AsTask());
        await Should.ThrowAsync<ArgumentException>(() => SendAsync("line\n").AsTask());
        (await bench.GetAsync()).Version.ShouldBe(2);

        ValueTask<Answer<long>> SendAsync(string operation) =>
            bench.Sojourn.SendAsync(id, new Add(1), new SendOptions { OperationId = operation });
    }

    [Fact]
    public async Task A_page_holds_so_many_sessions()
    {
        await using var bench = await Bench.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 501).Select(i => bench.CreateAsync($"s{i}")));

        (await ListAsync(500)).Sessions.Count.ShouldBe(500);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => ListAsync(501).AsTask());
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => ListAsync(0).AsTask());

        ValueTask<SessionPage> ListAsync(int limit) =>
            bench.Sojourn.ListAsync(new SessionQuery { Kind = "tally", Limit = limit });
    }

    [Theory]
    [InlineData(Durability.Durable)]
    [InlineData(Durability.WriteBehind)]
    [InlineData(Durability.Volatile)]
    public async Task A_list_shows_what_was_answered_page_by_page(Durability durability)
    {
        await using var bench = await Bench.StartAsync(TallyKind.DefaultPolicy with { Durability = durability });
        for (var i = 0; i < 7; i++)
        {
            await bench.CreateAsync($"s{i}", i % 2 == 0 ? "open" : "done");
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await bench.Sojourn.ListAsync(new SessionQuery { Kind = "tally", Limit = 4 });
        var second = await bench.Sojourn.ListAsync(new SessionQuery { Kind = "tally", Limit = 4, Cursor = first.Next });
        var done = await bench.Sojourn.ListAsync(new SessionQuery { Kind = "tally", Status = "done" });

        first.Sessions.Concat(second.Sessions).Select(session => session.Key.Id.ToString())
            .ShouldBe(["s6", "s5", "s4", "s3", "s2", "s1", "s0"]);
        second.Next.ShouldBeNull();
        done.Sessions.Select(session => session.Key.Id.ToString()).ShouldBe(["s5", "s3", "s1"]);
        done.Sessions.ShouldAllBe(session => session.IsFinal && session.State == null!);
        await Should.ThrowAsync<FormatException>(() => bench.Sojourn.ListAsync(
            new SessionQuery { Kind = "tally", Cursor = "not~a~cursor" }).AsTask());
    }

    [Fact]
    public async Task What_is_not_there_leaves_nothing_in_memory()
    {
        await using var bench = await Bench.StartAsync();
        for (var i = 0; i < 100; i++)
        {
            await bench.Sojourn.GetAsync<Tally>($"x{i}");
            await bench.Sojourn.SendAsync($"x{i}", new Add(1));
            await bench.Sojourn.ReadEntryAsync(Bench.Key($"x{i}"), "pictures", 1);
            await bench.Sojourn.RemoveAsync(Bench.Key($"x{i}"));
            await bench.CreateAsync($"y{i}");
            await bench.Sojourn.RemoveAsync(Bench.Key($"y{i}"));
            await bench.Sojourn.CreateAsync(new StartTally(-1), new CreateOptions { Id = $"z{i}" });
        }

        await bench.UntilAsync(() => Task.FromResult(bench.Sojourn.InMemory("tally") == 0));
    }
}
