namespace Sojourn.Tests.Engine;

/// <summary>Those who follow a named stream of a session.</summary>
public sealed class FollowingTests
{
    private const string Pictures = "pictures";

    [Fact]
    public async Task Those_who_want_the_same_are_given_one_page()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        using var one = await bench.Sojourn.FollowStreamAsync(Bench.Key("a"), Pictures);
        using var other = await bench.Sojourn.FollowStreamAsync(Bench.Key("a"), Pictures);
        await bench.Sojourn.SendAsync(id, new Draw(10));

        var page = await ReadAsync(one, after: 0);

        page.Items.Select(item => item.Number).ShouldBe([1]);
        (await ReadAsync(other, after: 0)).ShouldBeSameAs(page);
    }

    [Fact]
    public async Task A_page_is_of_what_each_has_seen_and_of_the_newest_step()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        using var quick = await bench.Sojourn.FollowStreamAsync(Bench.Key("a"), Pictures);
        using var slow = await bench.Sojourn.FollowStreamAsync(Bench.Key("a"), Pictures);
        await bench.Sojourn.SendAsync(id, new Draw(10));
        var first = await ReadAsync(quick, after: 0);
        await bench.Sojourn.SendAsync(id, new Draw(20));

        quick.HasChanged(first, out _).ShouldBeTrue();
        var second = await ReadAsync(quick, after: 1);
        var both = await ReadAsync(slow, after: 0);

        second.Items.Select(item => item.Bytes.Length).ShouldBe([20]);
        both.Items.Select(item => item.Bytes.Length).ShouldBe([10, 20]);
        both.Items[1].ShouldBeSameAs(second.Items[0]);
        (second.Session.Version, both.Session.Version).ShouldBe((first.Session.Version + 1, first.Session.Version + 1));
    }

    [Fact]
    public async Task Whoever_is_at_the_end_shares_one_wait_and_is_told_of_the_next_step()
    {
        await using var bench = await Bench.StartAsync();
        var id = await bench.CreateAsync();
        using var follower = await bench.Sojourn.FollowStreamAsync(Bench.Key("a"), Pictures);
        var end = await ReadAsync(follower, after: 0);

        follower.HasChanged(end, out var change).ShouldBeFalse();
        follower.HasChanged(end, out var again).ShouldBeFalse();
        again.ShouldBeSameAs(change);
        change.IsCompleted.ShouldBeFalse();
        await bench.Sojourn.SendAsync(id, new Draw(10));

        await change;
        follower.HasChanged(end, out _).ShouldBeTrue();
    }

    private static async Task<StreamPage> ReadAsync(StreamFollower follower, long after) =>
        (await follower.ReadAsync(after, new StreamLimits(10, 1 << 20))).ShouldNotBeNull();
}
