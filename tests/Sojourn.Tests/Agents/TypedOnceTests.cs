using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Kinds.Agents.Terminals;
using Sojourn.Testing;
using Sojourn.Tests.Agents.Processes;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

/// <summary>What is typed reaches the program once, and who is told that it did can rely on it.</summary>
public sealed class TypedOnceTests
{
    private static readonly Typist Ada = new(TypistKind.Client, "ada"), Bob = new(TypistKind.Client, "bob");

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_rest_of_what_was_taken_in_part_follows_and_no_byte_comes_twice()
    {
        var taken = new StringBuilder();
        var room = 3;
        var numbers = new TypedNumbers();

        (await numbers.TypeAsync(1, "abcdef"u8.ToArray(), TakeAsync)).ShouldBe(new TypedKeys(3, IsAll: false));
        (await numbers.TypeAsync(1, "abcdef"u8.ToArray(), TakeAsync)).ShouldBe(new TypedKeys(3, IsAll: false));
        room = 10;
        (await numbers.TypeAsync(1, "abcdef"u8.ToArray(), TakeAsync)).ShouldBe(new TypedKeys(6, IsAll: true));
        (await numbers.TypeAsync(1, "abcdef"u8.ToArray(), TakeAsync)).ShouldBe(new TypedKeys(6, IsAll: true));

        taken.ToString().ShouldBe("abcdef");

        ValueTask<int> TakeAsync(ReadOnlyMemory<byte> keys)
        {
            var count = Math.Min(room, keys.Length);
            taken.Append(Encoding.UTF8.GetString(keys.Span[..count]));
            room -= count;
            return ValueTask.FromResult(count);
        }
    }

    [Theory]
    [InlineData("0 0", "yes yes", "0")]
    [InlineData("-5 -4 -5", "yes yes yes", "-5 -4")]
    [InlineData("2 1 2 3", "yes no yes yes", "2 3")]
    [InlineData("10 20 30 20 10 25", "yes yes yes yes yes no", "10 20 30")]
    public async Task Only_what_was_typed_is_said_to_be(string numbers, string answers, string typed)
    {
        List<byte> taken = [];
        List<string> said = [];
        var known = new TypedNumbers();
        foreach (var number in numbers.Split(' ').Select(int.Parse))
        {
            var answer = await known.TypeAsync(number, new[] { (byte)number }, keys =>
            {
                taken.AddRange(keys.Span);
                return ValueTask.FromResult(keys.Length);
            });
            said.Add(answer.IsAll ? "yes" : "no");
        }

        said.ShouldBe(answers.Split(' '));
        taken.ShouldBe(typed.Split(' ').Select(number => (byte)int.Parse(number)));
    }

    [Fact]
    public async Task Those_who_count_by_a_clock_are_known_for_the_newest_half_thousand_at_least()
    {
        var known = new TypedNumbers();
        for (var number = 0; number <= 1024; number++)
            (await TypeAsync(number)).ShouldBe(1);

        (await TypeAsync(1024)).ShouldBe(0);
        (await TypeAsync(512)).ShouldBe(0);
        (await known.TypeAsync(511 * 10, new byte[1], _ => ValueTask.FromResult(1))).IsLate.ShouldBeTrue();

        async Task<int> TypeAsync(int number)
        {
            var count = 0;
            (await known.TypeAsync(number * 10, new byte[1], keys => ValueTask.FromResult(count = keys.Length)))
                .IsAll.ShouldBeTrue();
            return count;
        }
    }

    [ProgramFact]
    public async Task A_program_that_reads_late_gets_a_paste_once_however_often_it_was_sent()
    {
        using var scratch = new ScratchDirectory();
        var keys = RandomNumberGenerator.GetHexString(100_000);
        var go = Path.Combine(scratch.Path, "go");
        await using var child = Start(
            $"mkfifo {go}; stty raw -echo; echo it waits; read -r < {go}; head -c 100000 | sha256sum");
        var keeper = new ScreenKeeper(child, Terminal(), scrollback: 0);
        await child.OutputUntilAsync("it waits");

        var first = keeper.TypeAsync(Ada, 1, Encoding.ASCII.GetBytes(keys));
        await _clock.WhenAwaited(TimeSpan.FromSeconds(10)).WaitAsync(ChildOf.Patience);
        _clock.Advance(TimeSpan.FromSeconds(10));
        var typed = await first.WaitAsync(ChildOf.Patience);
        typed.IsAll.ShouldBeFalse();
        typed.Count.ShouldBeInRange(1, keys.Length - 1);
        await File.WriteAllTextAsync(go, "\n");
        var again = await keeper.TypeAsync(Ada, 1, Encoding.ASCII.GetBytes(keys)).WaitAsync(ChildOf.Patience);

        again.ShouldBe(new TypedKeys(keys.Length, IsAll: true));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(keys)));
        await child.OutputUntilAsync(hash);
    }

    [ProgramFact]
    public async Task An_interruption_reaches_a_program_that_does_not_read_what_another_pastes()
    {
        await using var child = Start(
            "trap 'echo interrupted; exit 0' INT; stty raw isig -echo; echo it waits; sleep 600 & wait");
        var keeper = new ScreenKeeper(child, Terminal(), scrollback: 0);
        await child.OutputUntilAsync("it waits");
        var pasted = keeper.TypeAsync(Bob, 1, new byte[100_000]);

        await keeper.InterruptAsync().WaitAsync(ChildOf.Patience);

        await child.OutputUntilAsync("interrupted");
        (await pasted.WaitAsync(ChildOf.Patience)).IsAll.ShouldBeFalse();
    }

    [ProgramFact]
    public async Task A_program_that_asks_its_terminal_and_does_not_read_is_still_to_be_seen()
    {
        await using var child = Start("stty raw -echo; echo it waits; sleep 600");
        var keeper = new ScreenKeeper(child, Terminal(), scrollback: 0);
        await child.OutputUntilAsync("it waits");
        var questions = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\e[c", 20_000)) + "still drawn");

        await keeper.DrawAsync(
            new ReadOnlySequence<byte>(questions), isLast: false, takePicture: false,
            (_, _) => Task.FromResult<Refusal?>(null), default).WaitAsync(ChildOf.Patience);

        (await keeper.PictureAsync(default).WaitAsync(ChildOf.Patience)).Text.ShouldContain("still drawn");
    }

    private ChildProcess Start(string script) =>
        ChildProcess.StartOnTerminal(ChildOf.Bash(script), ChildOf.Size, _clock);

    private static Agent Terminal()
    {
        var options = new AgentOptions
        {
            Profiles = [new AgentProfile { Name = "any", Protocol = AgentProtocol.Terminal, Command = "bash" }],
        };
        return Rules.Of(new AgentKind(options)).Start(new StartAgent("any")).State;
    }
}
