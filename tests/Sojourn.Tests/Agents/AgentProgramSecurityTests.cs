using System.Net;
using System.Text;
using System.Text.Json;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>What a program is given: its arguments as they are, variables that are named, a directory.</summary>
public sealed class AgentProgramSecurityTests : IDisposable
{
    private static readonly string[] Odd =
    [
        "", "a b", " ", "\"quoted\"", "it's", "two\nlines\r\n", "$(touch hacked)", "`touch hacked`", "; touch hacked",
        "&", "| cat", "> hacked", "$HOME", "${PATH}", "*", "~", "\\", "\\n", "%s%n", "-n", "--", "!!", "\t",
        "\u0001\u001b[31m",
        "Grüße 🐙 日本語", "e\u0301", new('x', 4000),
    ];

    private readonly ScratchDirectory _scratch = new();

    [ProgramFact]
    public async Task Arguments_arrive_as_they_are_and_of_the_servers_variables_those_that_are_named()
    {
        var program = Shows();
        await using var server = await KillableServer.StartWithAsync(
            Config(
                Profile("terminal", "terminal", program),
                Profile("pipes", "acp", program),
                Profile("named", "terminal", program,
                    """
                    , "PassEnvironment": ["PATH", "NAMED_TOKEN", "TEAM_*"],
                    "Environment": { "OWN": "a b=$(c)\nd", "TERM": "dumb" }
                    """)),
            ("SECRET_TOKEN", "s3cret"), ("AWS_SECRET_ACCESS_KEY", "s3cret"), ("SOJOURN_EXTRA", "s3cret"),
            ("NAMED_TOKEN", "named"), ("NAMED_TOKEN_2", "s3cret"), ("TEAM_ONE", "1"), ("LC_ODD", "ä"));

        foreach (var profile in (string[])["terminal", "pipes", "named"])
        {
            var id = (await server.Client.CreateAsync("agent", new { profile })).Id;
            await server.Client.AgentIsAsync(id, profile == "pipes" ? "failed" : "ended");
            Shown("arguments").ShouldBe(Odd);
            var variables = Shown("environment");
            string.Join('\n', variables).ShouldNotContain("s3cret");
            string.Join('\n', variables).ShouldNotContain(server.Key);
            variables.ShouldContain($"SOJOURN_SESSION=local/{id}");
            string[] names = [.. variables.Select(each => each.Split('=')[0]).Except(["PWD", "OLDPWD", "SHLVL", "_"])];
            if (profile == "named")
            {
                names.ShouldBe(
                    ["PATH", "NAMED_TOKEN", "TEAM_ONE", "TERM", "COLORTERM", "OWN", "SOJOURN_SESSION",
                        "SOJOURN_INSTANCE"],
                    ignoreOrder: true);
                variables.ShouldContain("OWN=a b=$(c)\nd");
                variables.ShouldContain("TERM=dumb");
            }
            else
            {
                names.Except(["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "TERM", "COLORTERM",
                    "SOJOURN_SESSION", "SOJOURN_INSTANCE"]).ShouldAllBe(name => name.StartsWith("LC_"));
                variables.ShouldContain("LC_ODD=ä");
            }
        }

        Directory.GetFileSystemEntries(_scratch.Path, "hacked*").ShouldBeEmpty();
    }

    [ProgramFact]
    public async Task A_session_works_in_its_profiles_directory_or_below_and_nowhere_else()
    {
        var root = Directory.CreateDirectory(Path.Combine(_scratch.Path, "root")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "inside", "deep er"));
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "outside", "deep"));
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "root-not"));
        Directory.CreateSymbolicLink(Path.Combine(root, "within"), "inside");
        Directory.CreateSymbolicLink(Path.Combine(root, "door"), "../outside");
        Directory.CreateSymbolicLink(Path.Combine(root, "wall"), Path.Combine(_scratch.Path, "root-not"));
        // Names a place below the root, by way of a link that leads out.
        Directory.CreateSymbolicLink(Path.Combine(root, "back-door"), "door/deep");
        Directory.CreateSymbolicLink(Path.Combine(root, "ring"), "ring");
        await using var server = await AgentServer.StartAsync(
            $"[ {Profile("here", "terminal", Shows(), $", \"Directory\": {JsonSerializer.Serialize(root)}")} ]");

        foreach (var (directory, works) in new[]
        {
            (null, ""), ("inside", "/inside"), ("inside/deep er", "/inside/deep er"),
            ("within/deep er", "/inside/deep er"),
        })
        {
            var id = await NewAsync(server, directory);
            await server.Client.AgentIsAsync(id, "ended");
            (await File.ReadAllTextAsync(Path.Combine(_scratch.Path, "directory"))).ShouldBe($"{root}{works}\n");
        }

        File.Delete(Path.Combine(_scratch.Path, "directory"));
        foreach (var directory in (string[])
            ["..", "../outside", "inside/..", "inside/../../outside", ".", "./inside", "/", "/etc", "\\etc",
                "inside//deep er", "inside/", "", "in\u0000side", "in\nside", new('x', 401)])
        {
            (await Should.ThrowAsync<SojournProblemException>(() => NewAsync(server, directory)))
                .Problem.Field.ShouldBe("directory", directory);
        }

        foreach (var (directory, why) in new[]
        {
            ("door", "leads out"), ("door/deep", "leads out"), ("wall", "leads out"), ("back-door", "leads out"),
            ("ring", "There is no directory"), ("~", "There is no directory"),
            ("$(touch hacked)", "There is no directory"),
        })
        {
            var id = await NewAsync(server, directory);
            var failed = await server.Client.AgentIsAsync(id, "failed", "ended");
            failed.Status.ShouldBe("failed", directory);
            failed.State!.Value.GetProperty("error").GetString()!.ShouldContain(why, Case.Sensitive, directory);
        }

        File.Exists(Path.Combine(_scratch.Path, "directory")).ShouldBeFalse();
    }

    [ProgramFact]
    public async Task What_a_client_says_of_a_new_session_carries_no_command()
    {
        await using var server = await AgentServer.StartAsync($"[ {Profile("here", "terminal", Shows())} ]");

        foreach (var body in (string[])
        [
            """{"profile": {"command": "/bin/sh"}}""", """{"profile": ["here"]}""",
            """{"profile": "here", "command": "/bin/sh"}""", """{"profile": "here", "arguments": ["-c", "true"]}""",
            """{"profile": "here", "environment": {"PATH": "/tmp"}}""", """{"profile": "here", "forkOf": "x"}""",
            """{"profile": "here", "size": "80;24"}""",
            """{"profile": "here", "size": {"columns": "$(id)", "rows": 24}}""",
            """{"profile": "here", "size": {"columns": 80, "rows": 24, "command": "id"}}""",
            """{"profile": "here", "size": {"columns": 0, "rows": 24}}""",
            """{"profile": "here", "size": {"columns": 80, "rows": 501}}""",
            """{"profile": "here", "size": {"columns": 501, "rows": 24}}""",
            """{"profile": "here", "size": {"columns": 80, "rows": -1}}""",
            """{"profile": "here", "size": {"columns": 1e9, "rows": 24}}""",
            """{"profile": "here", "directory": {"path": "/"}}""",
            """{"profile": "here", "prompt": "id"}""",
        ])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await server.Serve.Http.PostAsync("/v1/agent", content);
            answer.StatusCode.ShouldBeOneOf(
                [HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity, HttpStatusCode.Conflict], body);
        }

        (await server.Client.ListPageAsync("agent")).Sessions.ShouldBeEmpty();
        File.Exists(Path.Combine(_scratch.Path, "arguments")).ShouldBeFalse();
    }

    public void Dispose() => _scratch.Dispose();

    private static async Task<string> NewAsync(AgentServer server, string? directory) =>
        (await server.Client.CreateAsync("agent", new { profile = "here", directory })).Id;

    /// <summary>A program that writes down what it was given, and ends.</summary>
    private string Shows()
    {
        var at = _scratch.Path;
        var file = _scratch.File("shows", $"""
            #!/bin/sh
            printf '%s\0' "$@" > {at}/arguments
            env -0 > {at}/environment
            pwd -P > {at}/directory

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return file;
    }

    private string[] Shown(string what) => File.ReadAllText(Path.Combine(_scratch.Path, what)).Split('\0')[..^1];

    private static string Profile(string name, string protocol, string program, string more = "") => $$"""
        { "Name": "{{name}}", "Protocol": "{{protocol}}", "Command": "{{program}}",
          "Arguments": {{JsonSerializer.Serialize(Odd)}}{{more}} }
        """;

    private static string Config(params string[] profiles) => $$"""
        { "Agents": { "UseDefaultProfiles": false, "MinFreeMemory": 0,
          "Profiles": [ {{string.Join(", ", profiles)}} ] } }
        """;
}
