using System.Globalization;
using System.Text;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Testing;

namespace Sojourn.Tests.Agents.Processes;

public sealed class PipeTests
{
    private const int Megabyte = 1 << 20;

    [ChildFact]
    public async Task Output_and_error_are_apart()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Bash("echo out; echo err >&2; exit 3"));
        (await child.AllOutputAsync()).ShouldBe("out\n");
        var error = new byte[100];
        var read = await child.ReadErrorAsync(error, CancellationToken.None);
        Encoding.UTF8.GetString(error, 0, read).ShouldBe("err\n");
        (await child.ReadErrorAsync(error, CancellationToken.None)).ShouldBe(0);
        (await child.ExitAsync()).ShouldBe(new ChildExit(3, null));
        child.IsOnTerminal.ShouldBeFalse();
        child.ForegroundGroup.ShouldBeNull();
    }

    [ChildFact]
    public async Task Ten_megabytes_arrive_whole_and_in_order()
    {
        const int Lines = 1_500_000;
        await using var child = ChildOf.OnPipes(ChildOf.Program("seq", "1", $"{Lines}"));
        var all = await child.AllBytesAsync();
        all.Length.ShouldBeGreaterThan(10 * Megabyte);
        var expected = new StringBuilder();
        for (var line = 1; line <= Lines; line++)
        {
            expected.Append(CultureInfo.InvariantCulture, $"{line}\n");
        }

        (Encoding.ASCII.GetString(all) == expected.ToString()).ShouldBeTrue();
    }

    [ChildFact]
    public async Task A_megabyte_of_input_comes_back_whole()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Program("cat"));
        var input = Enumerable.Range(0, Megabyte).Select(at => (byte)(at % 251)).ToArray();
        var reading = child.AllBytesAsync();
        (await child.WriteAsync(input, ChildOf.Patience, CancellationToken.None)).ShouldBe(Megabyte);
        child.CloseInput();
        (await reading).AsSpan().SequenceEqual(input).ShouldBeTrue();
        (await child.ExitAsync()).Code.ShouldBe(0);
    }

    [ChildFact]
    public async Task Texts_that_are_written_at_once_do_not_mix()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Program("cat"));
        var reading = child.AllOutputAsync();
        var lines = Enumerable.Range(0, 8).Select(each => new string((char)('a' + each), 200_000)).ToList();
        await Task.WhenAll(lines.Select(line => child.TypeAsync(line + "\n")));
        child.CloseInput();
        (await reading).TrimEnd().Split('\n').Order(StringComparer.Ordinal).ShouldBe(lines);
    }

    [ChildFact]
    public async Task A_program_that_does_not_read_holds_nobody_up_for_longer_than_is_wanted()
    {
        var clock = new ManualClock();
        await using var child = ChildProcess.StartOnPipes(ChildOf.Program("sleep", "1000"), clock);
        var within = TimeSpan.FromSeconds(7);
        var writing = child.WriteAsync(new byte[Megabyte], within, CancellationToken.None).AsTask();
        await clock.WhenAwaited(within);
        writing.IsCompleted.ShouldBeFalse();
        clock.Advance(within);
        (await writing.WaitAsync(ChildOf.Patience)).ShouldBeLessThan(Megabyte);

        (await child.WriteAsync(new byte[1], TimeSpan.Zero, CancellationToken.None)).ShouldBe(0);
        using var giveUp = new CancellationTokenSource();
        var another = child.WriteAsync(new byte[Megabyte], within, giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        (await another.WaitAsync(ChildOf.Patience)).ShouldBeLessThan(Megabyte);
    }

    [ChildFact]
    public async Task Closing_the_input_and_the_programs_end_let_a_writer_go()
    {
        await using var closed = ChildOf.OnPipes(ChildOf.Program("sleep", "1000"));
        var writing = closed.WriteAsync(new byte[Megabyte], ChildOf.Patience, CancellationToken.None).AsTask();
        closed.CloseInput();
        (await writing.WaitAsync(ChildOf.Patience)).ShouldBeLessThan(Megabyte);

        // The one that it leaves behind could read, and never will.
        await using var ended = ChildOf.OnPipes(ChildOf.Bash("exec 3<&0; setsid sleep 1000 <&3 & read line"));
        writing = ended.WriteAsync(Encoding.UTF8.GetBytes("\n" + new string('x', Megabyte)), ChildOf.Patience,
            CancellationToken.None).AsTask();
        (await writing.WaitAsync(ChildOf.Patience)).ShouldBeLessThan(Megabyte);
        (await ended.WriteAsync("late"u8.ToArray(), ChildOf.Patience, CancellationToken.None)).ShouldBe(0);
        await ended.Program.SweepAsync();
    }

    [ChildFact]
    public async Task Output_ends_with_the_program_even_if_something_that_it_left_behind_never_stops_writing()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Bash("echo first; yes & echo last"));
        await child.ExitAsync();
        var output = await child.AllOutputAsync();
        output.ShouldStartWith("first\n");
        output.ShouldContain("last\n");
        await child.Program.SweepAsync();
    }

    [ChildFact]
    public async Task What_is_not_read_waits_in_the_program()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Bash("yes | head -c 1000000; echo end"));
        var buffer = new byte[10];
        (await child.ReadAsync(buffer, CancellationToken.None)).ShouldBe(10);
        child.Exited.IsCompleted.ShouldBeFalse();
        (await child.AllOutputAsync()).Length.ShouldBe(1_000_000 + 4 - 10);
    }

    [ChildFact]
    public async Task Waiting_for_output_can_be_given_up_and_begun_again()
    {
        await using var child = ChildOf.OnPipes(ChildOf.Program("cat"));
        var buffer = new byte[10];
        for (var round = 0; round < 20; round++)
        {
            using var giveUp = new CancellationTokenSource();
            var reading = child.ReadAsync(buffer, giveUp.Token).AsTask();
            await giveUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(reading);
        }

        (await child.WriteAsync("still"u8.ToArray(), TimeSpan.Zero, CancellationToken.None)).ShouldBe(5);
        await child.OutputUntilAsync("still");
    }

    [ChildFact]
    public async Task An_exit_at_once_is_learnt_of_and_so_is_a_signal()
    {
        await using var quick = ChildOf.OnPipes(ChildOf.Program("true"));
        (await quick.ExitAsync()).ShouldBe(new ChildExit(0, null));
        (await quick.AllOutputAsync()).ShouldBe("");
        quick.Signal(ChildSignal.Terminate).ShouldBeFalse();

        await using var slow = ChildOf.OnPipes(ChildOf.Program("sleep", "1000"));
        ProcessTable.Find(slow.Pid).ShouldNotBeNull().StartTime.ShouldBe(slow.StartTime);
        slow.Signal(ChildSignal.Terminate).ShouldBeTrue();
        var exit = await slow.ExitAsync();
        exit.ShouldBe(new ChildExit(null, 15));
        exit.ToString().ShouldBe("signal 15 (Terminate)");
        Should.Throw<InvalidOperationException>(() => slow.Resize(ChildOf.Size));
    }
}
