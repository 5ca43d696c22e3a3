using System.Collections.Concurrent;
using System.Globalization;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents.Processes;

public sealed class StopLadderTests
{
    private readonly ManualClock _clock = new();
    private readonly ConcurrentQueue<StopNote> _told = new();

    [ChildFact]
    public async Task A_program_that_does_as_it_is_asked_needs_one_step()
    {
        await using var child = Start("read line; exit 7");
        var outcome = await StopAsync(Gently(child) with
        {
            Ask = async stop => (await child.WriteAsync("end\n"u8.ToArray(), ChildOf.Patience, stop)).ShouldBe(4),
        });
        outcome.After.ShouldBe(StopBy.Asking);
        outcome.Exit.ShouldBe(new ChildExit(7, null));
        _told.ShouldBe([new StopNote.Stepped(StopBy.Asking),
            new StopNote.Ended(new ChildExit(7, null), StopBy.Asking)]);
        outcome.Left.ShouldBeEmpty();
    }

    [ChildFact]
    public async Task One_that_cannot_be_asked_has_its_input_closed_at_once()
    {
        await using var child = Start("cat");
        var outcome = await StopAsync(Gently(child) with { Ask = _ => throw new IOException("No.") });
        outcome.After.ShouldBe(StopBy.ClosingInput);
        _told.ShouldContain(new StopNote.NotAsked("No."));

        await using var another = Start("cat");
        (await StopAsync(Gently(another))).After.ShouldBe(StopBy.ClosingInput);
        _told.ShouldNotContain(new StopNote.Stepped(StopBy.Asking));
    }

    [ChildFact]
    public async Task One_that_does_not_answer_is_not_waited_for_longer_than_the_step_says()
    {
        await using var child = Start("cat");
        var order = Gently(child) with { Ask = _ => new TaskCompletionSource().Task };
        var stopping = StopAsync(order);
        await PassAsync(2);
        (await stopping.WaitAsync(ChildOf.Patience)).After.ShouldBe(StopBy.ClosingInput);
    }

    [ChildFact]
    public async Task The_steps_are_taken_in_their_order_and_no_further_than_needed()
    {
        await using var child = Start("trap '' INT; trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done");
        await child.OutputUntilAsync("up");
        var stopping = StopAsync(Gently(child));
        await PassAsync(3);
        await PassAsync(2);
        var outcome = await stopping.WaitAsync(ChildOf.Patience);
        outcome.Exit.ShouldBe(new ChildExit(5, null));
        _told.OfType<StopNote.Stepped>().Select(note => note.By)
            .ShouldBe([StopBy.ClosingInput, StopBy.Interrupting, StopBy.Terminating]);
    }

    [ChildFact]
    public async Task One_that_heeds_nothing_is_killed_with_all_that_ran_away_from_it()
    {
        await using var child = Start(
            "trap '' INT TERM HUP; (setsid bash -c 'echo up; while :; do sleep 0.05; done' &); "
            + "while :; do sleep 0.05; done");
        await child.OutputUntilAsync("up");
        var stopping = StopAsync(Gently(child));
        await PassAsync(3);
        await PassAsync(2);
        await PassAsync(2);
        await child.ExitAsync();
        await PassAsync(StopLadder.SweepPatience.TotalSeconds);
        var outcome = await stopping.WaitAsync(ChildOf.Patience);
        outcome.After.ShouldBe(StopBy.Killing);
        outcome.Exit.ShouldBe(new ChildExit(null, 9));
        outcome.Swept.Select(process => process.Name).ShouldContain("bash");
        outcome.Left.ShouldBeEmpty();
        MarkedProcesses.Find(child.Program.Marker.Equals).ShouldBeEmpty();
    }

    [ChildFact]
    public async Task A_shell_on_a_terminal_ends_with_it_and_so_do_its_jobs()
    {
        await using var child = ChildProcess.StartOnTerminal(
            ChildOf.Program("bash", "--norc", "-i"), ChildOf.Size, _clock);
        await child.TypeAsync("sleep 1000 & (trap '' HUP; setsid sleep 1000 & ) ; echo up$((1+1))\n");
        await child.OutputUntilAsync("up2");
        var outcome = await StopAsync(new StopOrder(child, StopOrder.OnTerminal) { Tell = _told.Enqueue });
        outcome.After.ShouldBe(StopBy.HangingUp);
        outcome.Left.ShouldBeEmpty();
        MarkedProcesses.Find(child.Program.Marker.Equals).ShouldBeEmpty();
    }

    [ChildFact]
    public async Task What_a_program_that_has_ended_left_behind_is_ended_too()
    {
        await using var child = Start("setsid sleep 1000 & exit 1");
        await child.ExitAsync();
        var outcome = await StopAsync(Gently(child));
        outcome.After.ShouldBeNull();
        outcome.Exit.ShouldBe(new ChildExit(1, null));
        outcome.Swept.ShouldHaveSingleItem();
        _told.OfType<StopNote.Stepped>().ShouldBeEmpty();
    }

    [ProgramTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_cleared_its_environment_and_left_its_parents_is_ended_too(bool onTerminal)
    {
        const string Script = "(setsid env -i bash -c 'echo up; exec sleep 1000' &); read line";
        await using var child = onTerminal
            ? ChildProcess.StartOnTerminal(ChildOf.Bash(Script), ChildOf.Size, _clock)
            : Start(Script);
        await child.OutputUntilAsync("up");
        var outcome = await StopAsync(
            new StopOrder(child, onTerminal ? StopOrder.OnTerminal : StopOrder.Gently) { Tell = _told.Enqueue });

        outcome.Swept.ShouldHaveSingleItem();
        outcome.Left.ShouldBeEmpty();
        new ProcessTraces(child).ShouldSatisfyAllConditions(
            traces => MarkedProcesses.Find(traces.Marker.Equals, traces).ShouldBeEmpty());
    }

    [ChildFact]
    public async Task One_that_cleared_its_environment_and_is_an_orphan_only_by_the_stop_is_ended_too()
    {
        // It has nothing any more that it was given.
        await using var child = Start(
            "env -i setsid bash -c 'trap \"\" TERM HUP; echo $$; exec sleep 1000 <&- >&- 2>&-' & read line");
        var pid = int.Parse((await child.OutputUntilAsync("\n")).Trim(), CultureInfo.InvariantCulture);
        await ChildOf.UntilAsync(() => ProcessTable.Find(pid) is { Name: "sleep" });

        var stopping = StopAsync(Gently(child));
        await PassAsync(StopLadder.SweepPatience.TotalSeconds);
        var outcome = await stopping.WaitAsync(ChildOf.Patience);

        outcome.After.ShouldBe(StopBy.ClosingInput);
        outcome.Swept.ShouldHaveSingleItem().Pid.ShouldBe(pid);
        outcome.Left.ShouldBeEmpty();
    }

    [ChildFact]
    public async Task What_others_have_cleared_and_left_is_not_touched()
    {
        await using var theirs = Start("(setsid env -i bash -c 'echo $$; exec sleep 1000' &); read line");
        var pid = int.Parse((await theirs.OutputUntilAsync("\n")).Trim(), CultureInfo.InvariantCulture);
        await using var ours = Start("read line");

        (await StopAsync(Gently(ours))).Swept.ShouldBeEmpty();

        ProcessTable.Find(pid)!.Value.IsZombie.ShouldBeFalse();
        (await StopAsync(Gently(theirs))).Swept.ShouldHaveSingleItem().Pid.ShouldBe(pid);
    }

    [ChildFact]
    public async Task Many_are_stopped_at_once_before_one_deadline()
    {
        var children = Enumerable.Range(0, 10)
            .Select(_ => Start("trap '' INT TERM; echo up; while :; do sleep 0.05; done")).ToList();
        foreach (var child in children)
        {
            await child.OutputUntilAsync("up");
        }

        // A third of the time belongs to killing, and does not pass here.
        var gentle = TimeSpan.FromSeconds(4);
        var since = _clock.GetTimestamp();
        var stopping = new StopLadder(_clock).StopAllAsync(children.Select(Gently), gentle * 1.5);
        await ChildOf.UntilAsync(() =>
        {
            _clock.TryAdvanceToNext(gentle - _clock.GetElapsedTime(since));
            return stopping.IsCompleted;
        });

        (await stopping).ShouldAllBe(outcome => outcome.Exit == new ChildExit(null, 9) && outcome.Left.Count == 0);
        _told.OfType<StopNote.Stepped>().Select(note => note.By).Distinct()
            .ShouldBe([StopBy.ClosingInput, StopBy.Interrupting, StopBy.Killing]);
        foreach (var child in children)
        {
            await child.DisposeAsync();
        }
    }

    [ChildFact]
    public async Task With_no_time_at_all_they_are_killed_at_once()
    {
        await using var child = Start("trap '' TERM; setsid sleep 1000 & echo up; wait");
        await child.OutputUntilAsync("up");
        await new StopLadder(_clock).StopAllAsync([Gently(child)], TimeSpan.Zero);
        (await child.ExitAsync()).ShouldBe(new ChildExit(null, 9));
        await ChildOf.UntilAsync(() => MarkedProcesses.Find(child.Program.Marker.Equals).Count == 0);
    }

    private ChildProcess Start(string script) => ChildProcess.StartOnPipes(ChildOf.Bash(script), _clock);

    private StopOrder Gently(ChildProcess child) => new(child, StopOrder.Gently) { Tell = _told.Enqueue };

    private Task<StopOutcome> StopAsync(StopOrder order)
    {
        _told.Clear();
        return new StopLadder(_clock).StopAsync(order).WaitAsync(ChildOf.Patience);
    }

    private async Task PassAsync(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        await _clock.WhenAwaited(time).WaitAsync(ChildOf.Patience);
        _clock.Advance(time);
    }
}
