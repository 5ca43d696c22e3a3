using System.Globalization;
using System.Runtime.Versioning;
using Sojourn.Kinds.Agents.Processes;

namespace Sojourn.Tests.Agents.Processes;

public sealed class SpawnTests : IDisposable
{
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("sojourn-spawn-");

    public void Dispose() => _scratch.Delete(recursive: true);

    [ChildFact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] arguments =
            ["", " a  b ", "it's \"quoted\"", "two\nlines\r\n", "$HOME `id` \\ * ; &", "-n", "żółć 🚀", ""];
        await using var child = ChildOf.OnPipes(ChildOf.Program("printf", [@"%s\0", .. arguments]));
        (await child.AllOutputAsync()).Split('\0')[..^1].ShouldBe(arguments);
    }

    [ChildFact]
    public async Task A_program_gets_the_variables_that_it_was_given_and_its_marker_and_no_other()
    {
        Environment.GetEnvironmentVariables().Count.ShouldBeGreaterThan(2, "There is nothing that could leak.");
        var program = ChildOf.Program("env", "-0") with
        {
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = "/usr/bin:/bin",
                ["A"] = "one\ntwo=three",
                ["SOJOURN_SESSION"] = "not this",
            },
        };
        await using var child = ChildOf.OnPipes(program);
        (await child.AllOutputAsync()).Split('\0', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            ["PATH=/usr/bin:/bin", "A=one\ntwo=three", $"SOJOURN_SESSION={program.Marker.Session}",
                $"SOJOURN_INSTANCE={program.Marker.Instance}"],
            ignoreOrder: true);
    }

    [ChildFact]
    public async Task A_program_starts_in_its_directory_with_every_signal_as_it_should_be()
    {
        var program = ChildOf.Bash("pwd; grep -E '^Sig(Blk|Ign)' /proc/self/status");
        program = program with { Directory = _scratch.FullName };
        await using var child = ChildOf.OnPipes(program);
        var lines = (await child.AllOutputAsync()).Split('\n');
        lines[..2].ShouldBe([_scratch.FullName, "SigBlk:\t0000000000000000"]);
        // Those from 32 on are the C library's own.
        lines[2].ShouldStartWith("SigIgn:");
        (Convert.ToUInt64(lines[2].Split('\t')[1], 16) & 0x7fffffff).ShouldBe(0UL);
    }

    [ChildFact]
    public async Task Nothing_that_we_have_open_is_open_in_a_program_whatever_is_started_at_the_same_moment()
    {
        using var file = File.OpenRead("/proc/self/status");
        var children = await Task.WhenAll(Enumerable.Range(0, 24).Select(each => Task.Run(() => each % 2 == 0
            ? ChildOf.OnTerminal(ChildOf.Bash("echo /proc/self/fd/*"))
            : ChildOf.OnPipes(ChildOf.Bash("echo /proc/self/fd/*")))));
        foreach (var child in children)
        {
            // The last is how the shell reads the directory.
            (await child.AllOutputAsync()).Trim()
                .ShouldBe("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3");
            await child.DisposeAsync();
        }
    }

    [ChildFact]
    public void A_program_that_is_not_there_is_told_by_name()
    {
        Refusal(ChildOf.Program("no-such-program")).ShouldBe((ChildStartProblem.NotFound,
            "no-such-program is not on the PATH, which is '/usr/local/bin:/usr/bin:/bin'."));
        Refusal(ChildOf.Program("/no/such/program")).ShouldBe((ChildStartProblem.NotFound,
            "There is no program /no/such/program."));
        Refusal(ChildOf.Program("sleep") with { Environment = new Dictionary<string, string> { ["PATH"] = ".:usr" } })
            .Problem.ShouldBe(ChildStartProblem.NotFound);
    }

    [ChildFact]
    [SupportedOSPlatform("linux")]
    public void A_file_that_cannot_be_run_is_told()
    {
        var file = Path.Combine(_scratch.FullName, "text");
        File.WriteAllText(file, "hello");
        Refusal(ChildOf.Program(file)).ShouldBe((ChildStartProblem.NotExecutable, $"{file} is not executable."));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Refusal(ChildOf.Program(file)).Problem.ShouldBe(ChildStartProblem.NotExecutable);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(file, "#!/no/such/interpreter\n");
        // A program that another test begins meanwhile holds the file open for writing until it is its own.
        var refused = Refusal(ChildOf.Program(file));
        for (var i = 0; i < 10_000 && refused.Says.Contains("somebody writes", StringComparison.Ordinal); i++)
            refused = Refusal(ChildOf.Program(file));
        refused.Says.ShouldContain("interpreter");
        Refusal(ChildOf.Program("/usr/bin")).Problem.ShouldBe(ChildStartProblem.NotFound);
    }

    [ChildFact]
    public void A_directory_that_is_not_there_is_told()
    {
        Refusal(ChildOf.Program("true") with { Directory = "/no/such" }).ShouldBe((ChildStartProblem.NoDirectory,
            "true cannot be run in /no/such: there is no such directory."));
        Refusal(ChildOf.Program("true") with { Directory = "tmp" }).Problem.ShouldBe(ChildStartProblem.Invalid);
    }

    [ChildFact]
    public void What_no_program_can_get_is_refused()
    {
        var good = ChildOf.Program("true");
        Refusal(good with { Arguments = ["a\0b"] }).Problem.ShouldBe(ChildStartProblem.Invalid);
        Refusal(good with { Command = "bin/true" }).Problem.ShouldBe(ChildStartProblem.Invalid);
        Refusal(good with { Command = "" }).Problem.ShouldBe(ChildStartProblem.Invalid);
        Refusal(good with { Environment = new Dictionary<string, string> { ["A=B"] = "" } })
            .Problem.ShouldBe(ChildStartProblem.Invalid);
        Refusal(good with { Marker = new ProcessMarker("", "x") }).Problem.ShouldBe(ChildStartProblem.Invalid);
        Refusal(good with { Arguments = [new string('x', 4 << 20)] }).Problem.ShouldBe(ChildStartProblem.Invalid);
    }

    [ChildFact]
    public async Task Other_code_of_this_process_runs_programs_beside_ours()
    {
        var theirs = Enumerable.Range(0, 20).Select(async each =>
        {
            using var process = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exit {each}"]);
            await process.WaitForExitAsync().WaitAsync(ChildOf.Patience);
            return process.ExitCode;
        }).ToList();
        var ours = Enumerable.Range(0, 20).Select(async each =>
        {
            await using var child = ChildOf.OnPipes(
                ChildOf.Bash(string.Create(CultureInfo.InvariantCulture, $"exit {each}")));
            return (await child.ExitAsync()).Code ?? -1;
        }).ToList();
        (await Task.WhenAll(theirs)).ShouldBe(Enumerable.Range(0, 20));
        (await Task.WhenAll(ours)).ShouldBe(Enumerable.Range(0, 20));
    }

    private static (ChildStartProblem Problem, string Says) Refusal(ChildProgram program)
    {
        var refused = Should.Throw<ChildStartException>(() => ChildOf.OnTerminal(program));
        Should.Throw<ChildStartException>(() => ChildOf.OnPipes(program)).Problem.ShouldBe(refused.Problem);
        return (refused.Problem, refused.Message);
    }
}
