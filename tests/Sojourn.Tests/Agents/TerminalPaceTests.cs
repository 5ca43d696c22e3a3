using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Terminals;
using Sojourn.Testing;
using Sojourn.Tests.Agents.Processes;

namespace Sojourn.Tests.Agents;

/// <summary>How fast a terminal may draw.</summary>
public sealed class TerminalPaceTests
{
    private const int Mebibyte = 1 << 20;

    [ChildFact]
    public async Task A_program_that_draws_a_seconds_worth_is_not_held_up()
    {
        // All of it is within the first second, on a clock that stands still.
        var options = new AgentOptions { OutputBytesPerSecond = 4 * Mebibyte };
        (await DrawnAsync(options, bytes: 4 * Mebibyte)).ShouldBe(4 * Mebibyte);
    }

    [Fact]
    public void What_goes_beyond_a_seconds_worth_waits_as_long_as_it_takes_at_that_pace()
    {
        var clock = new ManualClock();
        var pace = new Pace(1000, clock);
        pace.KeepAsync(1000, default).AsTask().IsCompleted.ShouldBeTrue();
        var beyond = pace.KeepAsync(500, default).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(499));
        beyond.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        beyond.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void A_quiet_hour_is_not_saved_up()
    {
        var clock = new ManualClock();
        var pace = new Pace(1000, clock);
        clock.Advance(TimeSpan.FromHours(1));
        pace.KeepAsync(1, default).AsTask().IsCompleted.ShouldBeTrue();
        pace.KeepAsync(1000, default).AsTask().IsCompleted.ShouldBeTrue();
        pace.KeepAsync(500, default).AsTask().IsCompleted.ShouldBeFalse();
    }

    /// <returns>How many bytes a program's terminal drew, to its end.</returns>
    private static async Task<int> DrawnAsync(AgentOptions options, int bytes)
    {
        var profile = new AgentProfile { Name = "flood", Protocol = AgentProtocol.Terminal, Command = "head" };
        options.Profiles = [profile];
        var agent = Rules.Of(new AgentKind(options)).Start(new StartAgent(profile.Name)).State;
        await using var child = ChildOf.OnTerminal(ChildOf.Program("head", "-c", $"{bytes}", "/dev/zero"));
        var drawn = 0;
        var link = new ProgramLink(child, TellAsync, (_, _) => Task.FromResult<Prompt?>(null), new ManualClock())
        {
            Live = new LiveAgent(new SessionKey(AgentKind.KindName, OwnerId.Local, "a")),
        };
        var program = new TerminalProgram(options);
        program.StartOf(agent).OnTerminal.ShouldBeTrue();
        await program.SpeakAsync(link, default).WaitAsync(ChildOf.Patience);
        return drawn;

        Task<Refusal?> TellAsync(IReadOnlyList<AgentNews> news, CancellationToken stop)
        {
            drawn += news.OfType<AgentNews.Drawn>().Sum(each => each.Bytes.Length);
            return Task.FromResult<Refusal?>(null);
        }
    }
}
