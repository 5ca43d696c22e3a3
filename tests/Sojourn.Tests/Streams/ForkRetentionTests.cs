using System.Net;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>What a fork shows when it, or what it was forked from, keeps only so much.</summary>
public sealed class ForkRetentionTests : IAsyncLifetime
{
    private StreamsUnderTest _streams = null!;

    public async Task InitializeAsync()
    {
        _streams = await StreamsUnderTest.StartAsync(options => options.Streams.RetainedEntries = 10);
        await _streams.CreateAsync("source", text: "1,");
        await AppendAsync("source", 2, 5);
    }

    public Task DisposeAsync() => _streams.DisposeAsync().AsTask();

    [Fact]
    public async Task A_fork_whose_source_has_dropped_all_that_they_share_begins_with_its_own()
    {
        await ForkAsync("fork", "source");
        await AppendAsync("fork", 6, 7);
        var shared = StreamsUnderTest.Next(await _streams.SendAsync("HEAD", "source"));
        await AppendAsync("source", 100, 130);

        foreach (var live in (string[])["", "&live=long-poll"])
        {
            var read = await _streams.SendAsync("GET", $"fork?offset=-1{live}");
            (read.Status, read.Text).ShouldBe((HttpStatusCode.OK, "6,7,"));
        }

        (await _streams.SendAsync("GET", $"fork?offset={shared}")).Text.ShouldBe("6,7,");
    }

    [Fact]
    public async Task A_fork_begins_with_what_its_source_has_kept_of_what_they_share()
    {
        var first = StreamsUnderTest.Next(await AppendedAsync("source", 6));
        await AppendAsync("source", 7, 10);
        await ForkAsync("fork", "source");
        await AppendAsync("fork", 11, 12);
        await AppendAsync("source", 100, 104);

        await ShouldEndAsync("fork", 12, atLeast: 3, atMost: 11);
        // What is left is read on from where it begins, and not from before.
        (await _streams.SendAsync("GET", $"fork?offset={first}")).Text.ShouldBe("7,8,9,10,11,12,");
        (await _streams.SendAsync("GET", "fork?offset=0000000000000000_0000000000000000")).Status
            .ShouldBe(HttpStatusCode.OK, "that is the beginning too");
    }

    [Fact]
    public async Task A_fork_that_has_dropped_some_of_its_own_shows_nothing_before_the_gap()
    {
        await ForkAsync("fork", "source");
        var shared = StreamsUnderTest.Next(await _streams.SendAsync("HEAD", "fork"));
        await AppendAsync("fork", 6, 40);

        await ShouldEndAsync("fork", 40, atLeast: 10, atMost: 20);
        (await _streams.SendAsync("GET", $"fork?offset={shared}")).ShouldBeProblem(410, "gone")["code"].GetString()
            .ShouldBe("not-retained");
    }

    [Fact]
    public async Task A_fork_of_a_fork_begins_behind_the_newest_gap_of_all_that_it_comes_from()
    {
        await ForkAsync("fork", "source");
        await AppendAsync("fork", 6, 7);
        await ForkAsync("second", "fork");
        await AppendAsync("second", 8, 9);
        var middle = StreamsUnderTest.Next(await _streams.SendAsync("HEAD", "source"));
        await AppendAsync("fork", 100, 130);

        // The source has kept 1 to 5, but what the fork had after them is lost.
        (await _streams.SendAsync("GET", "second")).Text.ShouldBe("8,9,");
        (await _streams.SendAsync("GET", $"second?offset={middle}")).ShouldBeProblem(410, "gone")["code"].GetString()
            .ShouldBe("not-retained");
    }

    [Fact]
    public async Task A_reader_in_front_of_a_gap_gets_what_is_there_and_then_learns_of_it()
    {
        var third = StreamsUnderTest.Next(await AppendedAsync("source", 6));
        await AppendAsync("source", 7, 8);
        await ForkAsync("fork", "source");
        await AppendAsync("fork", 9, 40);

        var read = await _streams.SendAsync("GET", $"fork?offset={third}");
        read.Text.ShouldBe("7,8,");
        (await _streams.SendAsync("GET", $"fork?offset={StreamsUnderTest.Next(read)}"))
            .ShouldBeProblem(410, "gone")["code"].GetString().ShouldBe("not-retained");
    }

    private static string Entries(int first, int last) =>
        string.Concat(Enumerable.Range(first, last - first + 1).Select(i => $"{i},"));

    /// <summary>Retention drops entries in portions: what is left ends here and has no gap.</summary>
    private async Task ShouldEndAsync(string name, int last, int atLeast, int atMost)
    {
        var read = await _streams.SendAsync("GET", name);
        read.Status.ShouldBe(HttpStatusCode.OK, read.Text);
        var count = read.Text.Count(c => c == ',');
        count.ShouldBeInRange(atLeast, atMost);
        read.Text.ShouldBe(Entries(last - count + 1, last));
    }

    private async Task ForkAsync(string name, string source) => (await _streams.SendAsync(
        "PUT", name, null, null, ("Stream-Forked-From", $"/v1/streams/{source}"))).Status
        .ShouldBe(HttpStatusCode.Created);

    private Task<Reply> AppendedAsync(string name, int entry) => _streams.AppendAsync(name, $"{entry},");

    private async Task AppendAsync(string name, int first, int last)
    {
        for (var i = first; i <= last; i++)
            await AppendedAsync(name, i);
    }
}
