using System.Globalization;
using System.Text;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Tests.Agents.Processes;

public sealed class TerminalTests
{
    [ChildFact]
    public async Task A_program_leads_a_session_whose_terminal_it_is_on()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Bash(
            "test -t 0 && test -t 1 && test -t 2 && echo \"$$ $(ps -o sid=,tpgid= -p $$)\" > /dev/tty"));
        var numbers = (await child.AllOutputAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture))
            .ShouldBe([child.Pid, child.Pid, child.Pid]);
        (await child.ExitAsync()).ShouldBe(new ChildExit(0, null));
    }

    [ChildFact]
    public async Task It_knows_the_terminals_size_and_hears_when_that_changes()
    {
        await using var child = ChildProcess.StartOnTerminal(
            ChildOf.Bash("trap 'stty size; exit 0' WINCH; stty size; sleep 1000 & wait"), new TerminalSize(101, 37),
            TimeProvider.System);
        await child.OutputUntilAsync("37 101");
        child.Resize(new TerminalSize(132, 50));
        await child.OutputUntilAsync("50 132");
        (await child.ExitAsync()).Code.ShouldBe(0);
        await child.Program.SweepAsync();
    }

    [ChildFact]
    public async Task Colours_arrive_as_they_were_written()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Bash(@"tput colors; tput setaf 1; printf '\e[0m'"));
        (await child.AllOutputAsync()).ShouldBe("256\r\n\e[31m\e[0m");
    }

    [ChildFact]
    public async Task Typed_text_is_shown_and_a_character_of_many_bytes_is_taken_back_as_one()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Bash("read line; printf '<%s>' \"$line\""));
        await child.TypeAsync("aé\u007fb\n");
        (await child.AllOutputAsync()).ShouldEndWith("<ab>");
    }

    [ChildFact]
    public async Task Ctrl_C_interrupts_what_runs()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Program("sleep", "1000"));
        await child.TypeAsync("\u0003");
        (await child.ExitAsync()).ShouldBe(new ChildExit(null, 2));
    }

    [ChildFact]
    public async Task Ctrl_D_ends_the_input()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Program("cat"));
        child.CloseInput();
        (await child.ExitAsync()).Code.ShouldBe(0);
        child.IsInputClosed.ShouldBeTrue();
    }

    [ChildFact]
    public async Task It_is_known_whether_the_shell_has_the_keyboard_or_a_command_and_a_signal_reaches_the_command()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Program("bash", "--norc", "-i"));
        await child.TypeAsync("echo at$((1+1)) $PPID\n");
        await child.OutputUntilAsync("at2");
        await child.TypeAsync("bash -c 'echo up$((1+1)); exec sleep 1000'\n");
        await child.OutputUntilAsync("up2");
        child.ForegroundGroup.ShouldNotBeNull().ShouldNotBe(child.Pid);

        child.Signal(ChildSignal.Interrupt).ShouldBeTrue();
        await child.TypeAsync("echo ended with $?.\n");
        await child.OutputUntilAsync("ended with 130.");
        child.ForegroundGroup.ShouldBe(child.Pid);

        await child.TypeAsync("bash -c 'echo up$((1+2)); exec sleep 1000'\n");
        await child.OutputUntilAsync("up3");
        child.Signal(ChildSignal.Terminate);
        await child.TypeAsync("echo ended with $?.\n");
        await child.OutputUntilAsync("ended with 143.");
    }

    [ChildFact]
    public async Task A_full_screen_program_draws_and_leaves()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Program("less", "/etc/passwd"));
        (await child.OutputUntilAsync("root:")).ShouldContain("\e[?1049h");
        await child.TypeAsync("q");
        (await child.AllOutputAsync()).ShouldContain("\e[?1049l");
        (await child.ExitAsync()).Code.ShouldBe(0);
    }

    [ChildFact]
    public async Task Ten_megabytes_arrive_whole_and_in_order()
    {
        const int Lines = 1_400_000;
        await using var child = ChildOf.OnTerminal(ChildOf.Program("seq", "1", $"{Lines}"));
        var all = await child.AllBytesAsync();
        all.Length.ShouldBeGreaterThan(10 << 20);
        var expected = new StringBuilder();
        for (var line = 1; line <= Lines; line++)
        {
            expected.Append(CultureInfo.InvariantCulture, $"{line}\r\n");
        }

        (Encoding.ASCII.GetString(all) == expected.ToString()).ShouldBeTrue();
    }

    [ChildFact]
    public async Task A_large_paste_is_taken_whole()
    {
        const int Size = 300_000;
        await using var child = ChildOf.OnTerminal(
            ChildOf.Bash($"stty raw -echo; echo ready; head -c {Size} | md5sum"));
        await child.OutputUntilAsync("ready");
        var paste = Enumerable.Range(0, Size).Select(at => (byte)(at % 251)).ToArray();
        var writing = child.WriteAsync(paste, ChildOf.Patience, CancellationToken.None);
#pragma warning disable CA5351 // Only to compare with what md5sum says.
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(paste));
#pragma warning restore CA5351
        (await child.AllOutputAsync()).ShouldContain(sum);
        (await writing).ShouldBe(Size);
    }

    [ChildFact]
    public async Task Output_ends_with_the_program_even_if_something_that_it_left_behind_holds_the_terminal()
    {
        await using var child = ChildOf.OnTerminal(
            ChildOf.Bash("trap '' HUP; setsid sleep 1000 & seq 1 500; echo done"));
        var exit = await child.ExitAsync();
        (await child.AllOutputAsync()).ShouldEndWith("500\r\ndone\r\n");
        exit.Code.ShouldBe(0);
        MarkedProcesses.Find(child.Program.Marker.Equals).ShouldHaveSingleItem();
        await child.Program.SweepAsync();
    }

    [ChildFact]
    public async Task Nor_can_something_that_never_stops_writing_keep_it_from_ending()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Bash("trap '' HUP; setsid yes & echo first; sleep 0.1"));
        (await child.AllOutputAsync()).ShouldContain("first");
        await child.Program.SweepAsync();
    }

    [ChildFact]
    public async Task Whoever_waits_for_output_learns_of_the_end_too()
    {
        await using var child = ChildOf.OnTerminal(ChildOf.Bash("trap '' HUP; setsid sleep 1000 & echo up; read line"));
        await child.OutputUntilAsync("up");
        var reading = child.AllOutputAsync();
        await child.TypeAsync("\n");
        await reading;
        await child.Program.SweepAsync();
    }
}
