using System.Diagnostics;
using System.Runtime.Versioning;
using Sojourn.Cli;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("sojourn ", "serve generate new ls get send watch rm download doctor completion")]
    [InlineData("sojourn ge", "generate get")]
    [InlineData("./build/sojourn ge", "generate get")]
    [InlineData("sojourn generate story.txt --style ", "cinematic cartoon realistic")]
    [InlineData("sojourn completion ", "bash zsh fish")]
    public async Task A_shell_is_told_what_could_come_next(string line, string expected)
    {
        var suggested = await SuggestedAsync(line, line.Length);

        foreach (var word in expected.Split(' '))
            suggested.ShouldContain(word);
    }

    [Fact]
    public async Task Only_what_stands_before_the_cursor_counts()
    {
        (await SuggestedAsync("sojourn ge --json", 10)).ShouldContain("generate");
        (await SuggestedAsync("sojourn generate story.txt --sc", 31)).ShouldBe(["--scenes"]);
        (await SuggestedAsync("sojourn ls --", 13)).ShouldContain("--status");
        (await SuggestedAsync("sojourn", 7)).ShouldBeEmpty();
        (await SuggestedAsync("", 0)).ShouldBeEmpty();
        (await SuggestedAsync("sojourn ge", 4000)).ShouldContain("generate");
    }

    [Fact]
    public async Task A_shell_that_nobody_knows_is_refused()
    {
        var run = await CliRun.OfAsync(new CliSurroundings(), "completion", "tcsh");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain("tcsh");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_real_bash_completes_the_real_program()
    {
        using var scratch = new ScratchDirectory();
        var program = scratch.File("sojourn", $"""
            #!/bin/sh
            exec dotnet "{Path.Combine(AppContext.BaseDirectory, "Sojourn.Cli.dll")}" "$@"
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var script = scratch.File("ask.sh", """
            set -u
            eval "$(sojourn completion bash)"
            complete -p sojourn
            ask() {
                COMP_LINE="$1" COMP_POINT="${#1}" COMPREPLY=()
                _sojourn_complete sojourn "${1##* }" ""
                echo "[$1] ${COMPREPLY[*]}"
            }
            ask 'sojourn comp'
            ask 'sojourn generate a.txt --style c'
            ask 'sojourn nothing-like-it'
            """);

        var output = await BashAsync(scratch.Path, script);

        output.ShouldContain("complete -o default -F _sojourn_complete sojourn");
        output.ShouldContain("[sojourn comp] completion\n");
        output.ShouldContain("[sojourn generate a.txt --style c] cartoon cinematic\n");
        output.ShouldContain("[sojourn nothing-like-it] \n");
    }

    [Theory]
    [InlineData("bash", "complete -o default -F")]
    [InlineData("zsh", "compdef _sojourn_complete sojourn")]
    [InlineData("fish", "complete -c sojourn")]
    public async Task Each_shell_gets_its_script(string shell, string line)
    {
        var run = await CliRun.OfAsync(new CliSurroundings(), "completion", shell);

        run.ExitCode.ShouldBe(ExitCodes.Done);
        run.Out.ShouldContain(line);
        run.Out.ShouldContain("[suggest:");
        run.Out.ShouldNotContain("\r");
    }

    private static async Task<string> BashAsync(string path, string script)
    {
        var start = new ProcessStartInfo("bash", ["--norc", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = $"{path}:{start.Environment["PATH"]}";
        using var bash = Process.Start(start)!;
        var error = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync().WaitAsync(SojournProcess.Patience);
        await bash.WaitForExitAsync().WaitAsync(SojournProcess.Patience);
        bash.ExitCode.ShouldBe(0, await error);
        return output;
    }

    private static async Task<string[]> SuggestedAsync(string line, int position)
    {
        var run = await CliRun.OfAsync(new CliSurroundings(), $"[suggest:{position}]", line);
        run.ExitCode.ShouldBe(ExitCodes.Done, run.Error);
        return run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
