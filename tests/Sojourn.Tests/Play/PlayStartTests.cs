using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Play;

namespace Sojourn.Tests.Play;

/// <summary>Who may begin to play.</summary>
public sealed class PlayStartTests : IAsyncLifetime
{
    private readonly ServiceProvider _services;

    public PlayStartTests()
    {
        var services = new ServiceCollection();
        services.AddSojourn().AddPlay();
        _services = services.BuildServiceProvider();
    }

    private PlayStarts Starts => _services.GetRequiredService<PlayStarts>();

    private SojournEngine Engine => _services.GetRequiredService<SojournEngine>();

    public Task InitializeAsync() => Engine.StartAsync();

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task Of_starts_of_one_pilot_at_the_same_time_one_begins()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Starts.StartAsync(new StartPlay("Ann"))));
        var begun = starts.Single(start => start.Session is not null).Session!.Key.Id;
        starts.Where(start => start.Session is null).ShouldAllBe(
            start => start.Problem!.Code == "already-playing" && start.Other == begun
                && start.Problem.Message.Contains(begun.ToString()));
    }

    [Fact]
    public async Task Another_pilot_another_game_and_another_owner_are_no_conflict()
    {
        (await Starts.StartAsync(new StartPlay("Ann", "a"))).Problem.ShouldBeNull();
        (await Starts.StartAsync(new StartPlay("Bob", "a"))).Problem.ShouldBeNull();
        (await Starts.StartAsync(new StartPlay("Ann", "b"))).Problem.ShouldBeNull();
        (await Starts.StartAsync(new StartPlay("Ann", "a"), new CreateOptions { Owner = OwnerId.Parse("other") }))
            .Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_pilot_is_the_same_in_capitals_and_in_small_letters()
    {
        var first = (await Starts.StartAsync(new StartPlay("Al"))).Session!;
        var second = await Starts.StartAsync(new StartPlay("AL"));
        (second.Problem!.Code, second.Other).ShouldBe(("already-playing", first.Key.Id));
        first.Labels["pilot"].ShouldBe("Al");
    }

    [Fact]
    public async Task A_start_that_is_sent_again_is_answered_as_before()
    {
        var options = new CreateOptions { OperationId = "op-1" };
        var first = await Starts.StartAsync(new StartPlay("Ann"), options);
        var again = await Starts.StartAsync(new StartPlay("Ann"), options);
        (again.Session!.Key, again.IsReplay).ShouldBe((first.Session!.Key, true));
        (await Starts.StartAsync(new StartPlay("Ann"), new CreateOptions { OperationId = "op-2" }))
            .Problem!.Code.ShouldBe("already-playing");
    }

    [Fact]
    public async Task Taking_over_ends_the_other_and_a_start_that_is_refused_ends_nothing()
    {
        var first = (await Starts.StartAsync(new StartPlay("Ann"))).Session!;
        (await Starts.StartAsync(new StartPlay("Ann", CheckpointSeconds: 1, TakeOver: true)))
            .Problem!.Field.ShouldBe("checkpointSeconds");
        (await Engine.GetAsync<PlaySession>(first.Key.Id)).Reply.Status.ShouldBe("playing");

        var second = (await Starts.StartAsync(new StartPlay("Ann", TakeOver: true))).Session!;
        (await Engine.GetAsync<PlaySession>(first.Key.Id)).Reply.State.End.ShouldBe(PlayEnd.TakenOver);
        second.Labels["pilot"].ShouldBe("Ann");
        second.Labels["game"].ShouldBe("game");
    }

    [Fact]
    public async Task Whoever_waits_for_an_answer_to_a_recovery_may_begin_anew()
    {
        var first = (await Starts.StartAsync(new StartPlay("Ann"))).Session!;
        await Engine.SendAsync(first.Key.Id, new Interrupted("Gone."));
        (await Starts.StartAsync(new StartPlay("Ann"))).Problem.ShouldBeNull();
        (await Engine.GetAsync<PlaySession>(first.Key.Id)).Reply.Status.ShouldBe("interrupted");
    }

    [Fact]
    public async Task What_is_got_under_its_own_id_is_no_other()
    {
        var options = new CreateOptions { Id = "mine", GetIfExists = true };
        await Starts.StartAsync(new StartPlay("Ann"), options);
        var again = await Starts.StartAsync(new StartPlay("Ann"), options);
        (again.Session!.Key.Id.ToString(), again.IsNew).ShouldBe(("mine", false));
    }
}
