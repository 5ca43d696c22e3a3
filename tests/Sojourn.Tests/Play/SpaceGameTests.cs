using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play;

/// <summary>The sample game in processes of its own, as its player meets it.</summary>
[Collection(Lane.SecondProcesses)]
public sealed class SpaceGameTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_game_that_crashes_on_command_is_taken_up_at_its_next_start()
    {
        await using (var crashing = Start("--crash-after", "2"))
        {
            await crashing.WaitForLineAsync("saved quick");
            (await crashing.ExitAsync()).ShouldNotBe(0);
            crashing.Error.ShouldContain("as it was told to");
        }

        await using (var next = Start("--recover", "yes", "--missions", "1"))
        {
            (await next.ExitAsync()).ShouldBe(0, next.Error);
            next.Output.ShouldContain("The game was cut off");
            next.Output.ShouldMatch("(?m)^\\* backup .* Good attempts 0,");
            next.Output.ShouldContain("recovered ");
            next.Output.ShouldContain("ended after");
        }

        await using var last = Start("--missions", "1");
        (await last.ExitAsync()).ShouldBe(0, last.Error);
        last.Output.ShouldContain("nothing to recover");
        last.Output.ShouldContain("loaded ");
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public async Task A_game_that_the_system_ends_has_ended_well(string signal, int code)
    {
        await using (var game = Start())
        {
            await game.WaitForLineAsync("saved quick");
            await game.SignalAsync(signal);
            (await game.ExitAsync()).ShouldBe(code, game.Error);
        }

        await ShouldHaveNothingToRecoverAsync();
    }

    [Fact]
    public async Task A_game_that_fails_and_leaves_by_its_exit_code_is_offered_again()
    {
        await using (var failed = Start("--save-every", "3", "--fail-after", "1"))
            (await failed.ExitAsync()).ShouldBe(3, failed.Error);

        await using var next = Start("--recover", "yes", "--missions", "1");
        (await next.ExitAsync()).ShouldBe(0, next.Error);
        next.Output.ShouldContain("The game ended with the exit code 3.");
        next.Output.ShouldContain("recovered ");
    }

    [Fact]
    public async Task An_answer_can_be_put_off_and_a_game_can_be_declined()
    {
        await using (var killed = Start())
        {
            await killed.WaitForLineAsync("saved quick");
            await killed.KillAsync();
        }

        foreach (var answer in (string[])["later", "no"])
        {
            await using var game = Start("--recover", answer, "--missions", "1");
            (await game.ExitAsync()).ShouldBe(0, game.Error);
            game.Output.ShouldContain("offer ");
            game.Output.ShouldContain("loaded ");
        }

        await ShouldHaveNothingToRecoverAsync();
    }

    [Fact]
    public async Task A_second_game_on_the_folder_is_told_who_has_it()
    {
        await using var first = Start();
        await first.WaitForLineAsync("playing");
        await using var second = Start();
        (await second.ExitAsync()).ShouldBe(1);
        second.Error.ShouldContain($"{first.Id}");
    }

    private async Task ShouldHaveNothingToRecoverAsync()
    {
        await using var game = Start("--missions", "1");
        (await game.ExitAsync()).ShouldBe(0, game.Error);
        game.Output.ShouldContain("nothing to recover");
    }

    private SojournProcess Start(params string[] options)
    {
        // Built beside the tests, in the same configuration.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        var program = Path.Combine(
            root, "samples", "SpaceGame", "bin", output.Parent.Name, output.Name, "SpaceGame.dll");
        return SojournProcess.StartDotnet([program, "--folder", _scratch.Path, "--checkpoint", "1", .. options]);
    }
}
