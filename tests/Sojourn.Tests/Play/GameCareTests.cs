using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Games;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play;

/// <summary>What must hold when a game is closed, crashes or gives up at the wrong moment; on real files.</summary>
public sealed class GameCareTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_file_of_a_slot_that_the_options_lack_keeps_nobody_from_the_game()
    {
        await using var game = await CutAsync();
        (await game.Folder.Recoveries.Single().AcceptAsync()).Game.ShouldNotBeNull();
        await game.CrashAsync();
        File.WriteAllBytes(Path.Combine(game.Saves, "slot-12.000001.save"), [1]);
        await game.ReopenAsync();
        game.Folder.Recoveries.Single().Offer.Backups.ShouldAllBe(backup => backup.Name.Slot != "12");
    }

    [Fact]
    public async Task Sessions_that_cannot_be_opened_are_told_and_the_saves_can_be_opened_alone()
    {
        using var scratch = new ScratchDirectory();
        await File.WriteAllTextAsync(Path.Combine(scratch.Path, "sessions"), "in the way");

        var refused = await Should.ThrowAsync<SojournException>(() => GameFolder.OpenAsync(scratch.Path));

        refused.Message.ShouldStartWith($"The sessions in '{scratch.Path}' cannot be opened: ");
        await using var saves = await SaveSlots.OpenAsync(Path.Combine(scratch.Path, "saves"));
    }

    [Fact]
    public async Task Another_pilot_does_not_push_a_session_aside_unless_the_player_says_so()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var first = await game.StartAsync();
        var second = await game.Folder.StartAsync(new StartPlay("Goose", "wcsaga"));
        (second.Session, second.Problem!.Code, second.Other).ShouldBe((null, "already-playing", first.Key.Id));
        (await first.GetAsync()).Status.ShouldBe(PlayStatus.Playing);

        var third = await game.Folder.StartAsync(new StartPlay("Goose", "wcsaga", TakeOver: true));
        game.Folder.Current.ShouldBe(third.Session);
        (await first.GetAsync()).End.ShouldBe(PlayEnd.Clean);
    }

    [Fact]
    public async Task A_start_that_is_refused_ends_nothing()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var first = await game.StartAsync();
        (await game.Folder.StartAsync(new StartPlay("", "wcsaga", TakeOver: true))).Problem.ShouldNotBeNull();
        (await first.GetAsync()).Status.ShouldBe(PlayStatus.Playing);
        game.Folder.Current.ShouldBe(first);
    }

    [Fact]
    public async Task A_recovery_is_not_confirmed_over_a_session_that_was_begun_meanwhile()
    {
        await using var game = await CutAsync();
        var recovered = (await game.Folder.Recoveries.Single().AcceptAsync()).Game!;
        var other = await game.StartAsync("Goose");
        (await Should.ThrowAsync<SojournException>(() => recovered.ConfirmAsync())).Problem!.Code
            .ShouldBe("already-playing");
        game.Folder.Current.ShouldBe(other);
        var session = await recovered.ConfirmAsync(takeOver: true);
        game.Folder.Current.ShouldBe(session);
        (await other.GetAsync()).End.ShouldBe(PlayEnd.Clean);
    }

    [Fact]
    public async Task A_game_that_is_closed_before_it_confirmed_is_offered_again_and_that_was_no_attempt()
    {
        await using var game = await CutAsync();
        (await game.Folder.Recoveries.Single().AcceptAsync()).Game.ShouldNotBeNull();
        await game.Folder.DisposeAsync();
        await game.ReopenAsync();
        game.Folder.Recoveries.Single().Offer.Backups.Max(backup => backup.Attempts).ShouldBe(0);
    }

    [Fact]
    public async Task Given_up_while_the_session_takes_the_answer_it_is_no_attempt()
    {
        await using var game = await CutAsync();
        var recovery = game.Folder.Recoveries.Single();
        using var given = new CancellationTokenSource();
        using var isGiven = new ManualResetEventSlim();
        game.Folder.Saves.Happened += (_, happened) =>
        {
            if (happened.Type == SaveEventType.LoadStarted)
            {
                isGiven.Wait(Patience);
            }
        };
        var accepting = recovery.AcceptAsync(giveUp: given.Token);
        await given.CancelAsync();
        isGiven.Set();
        await Should.ThrowAsync<OperationCanceledException>(() => accepting);
        var state = (await game.Folder.Engine.GetAsync<PlaySession>(recovery.Session.Id)).Reply.State;
        (state.Status, state.Offer!.Backups.Max(backup => backup.Attempts)).ShouldBe((PlayStatus.Interrupted, 0));
    }

    [Fact]
    public async Task A_folder_is_free_again_also_if_the_end_is_refused()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var session = await game.StartAsync();
        (await game.Folder.Engine.RemoveAsync(session.Key)).IsAccepted.ShouldBeTrue();
        await Should.ThrowAsync<SojournException>(() => game.Folder.DisposeAsync().AsTask());
        await game.ReopenAsync();
        game.Folder.Recoveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_game_that_captures_no_more_can_be_closed_and_nothing_is_written_after_the_end()
    {
        await using var game = await GameUnderTest.OpenAsync();
        var context = new HeldContext();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        var starting = game.Folder.StartAsync(new StartPlay("Maverick"), game.Capture);
        SynchronizationContext.SetSynchronizationContext(before);
        var session = (await starting.WaitAsync(Patience)).Session!;
        var asked = context.HoldAsync();
        session.AutoSave();
        await asked.WaitAsync(Patience);
        var count = (await game.Folder.Saves.GenerationsAsync(SlotName.Auto)).Count;
        await session.EndAsync();
        await session.DisposeAsync().AsTask().WaitAsync(Patience);
        context.Release();
        (await game.Folder.Saves.GenerationsAsync(SlotName.Auto)).Count.ShouldBe(count);
    }

    [Fact]
    public async Task A_save_that_was_fatal_twice_is_not_recommended_by_a_later_offer_either()
    {
        await using var game = await CutAsync();
        await AcceptAndCrashAsync(game);
        await AcceptAndCrashAsync(game);
        await game.Folder.Recoveries.Single().DeclineAsync();
        await game.Folder.StartAsync(new StartPlay("Maverick", "wcsaga"));
        await game.CrashAsync();
        await game.ReopenAsync();

        var offer = game.Folder.Recoveries.Single().Offer;
        offer.Backups.Single(backup => backup.Name.Slot == "quick").Attempts.ShouldBe(2);
        offer.Recommended!.Slot.ShouldBe("3");
    }

    [Fact]
    public async Task A_game_that_runs_again_has_its_session_whatever_becomes_of_the_marks()
    {
        await using var game = await CutAsync();
        var recovered = (await game.Folder.Recoveries.Single().AcceptAsync()).Game!;
        await game.Folder.Saves.DisposeAsync();
        var session = await recovered.ConfirmAsync();
        game.Folder.Current.ShouldBe(session);
    }

    private static async Task AcceptAndCrashAsync(GameUnderTest game)
    {
        (await game.Folder.Recoveries.Single().AcceptAsync()).Game.ShouldNotBeNull();
        await game.CrashAsync();
        await game.ReopenAsync();
    }

    /// <summary>Saved to slot 3 and then to the quick slot, and cut off.</summary>
    private static async Task<GameUnderTest> CutAsync()
    {
        var game = await GameUnderTest.OpenAsync();
        var session = (await game.Folder.StartAsync(new StartPlay("Maverick", "wcsaga"))).Session!;
        await session.SaveAsync(SlotName.Number(3), GameUnderTest.Capture("three"));
        game.Clock.JumpTo(game.Clock.GetUtcNow().AddMinutes(1));
        await session.QuickSaveAsync(GameUnderTest.Capture("quick"));
        await game.CrashAsync();
        await game.ReopenAsync();
        return game;
    }

    /// <summary>A game's own thread that stops answering when it is told to.</summary>
    private sealed class HeldContext : SynchronizationContext
    {
        private readonly Lock _gate = new();
        private readonly List<(SendOrPostCallback Callback, object? State)> _held = [];
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isHeld;

        public Task HoldAsync()
        {
            lock (_gate)
            {
                _isHeld = true;
            }

            return _asked.Task;
        }

        public void Release() => _held.ForEach(held => held.Callback(held.State));

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (_gate)
            {
                if (_isHeld)
                {
                    _held.Add((d, state));
                    _asked.TrySetResult();
                    return;
                }
            }

#pragma warning disable VSTHRD001 // The thread that this posts to is the test's own.
            base.Post(d, state);
#pragma warning restore VSTHRD001
        }
    }
}
