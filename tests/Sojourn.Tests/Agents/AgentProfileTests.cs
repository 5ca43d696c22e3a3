using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Processes;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>Only what the server's configuration names can run, and only for whom.</summary>
public sealed class AgentProfileTests : IDisposable
{
    private const UnixFileMode Runs = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private readonly ScratchDirectory _scratch = new();

    [ProgramFact]
    public async Task Without_configuration_the_known_programs_that_are_found_can_run_and_nothing_else()
    {
        // All that is on this server's path.
        var path = Directory.CreateDirectory(Path.Combine(_scratch.Path, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(path, "dotnet"), Environment.ProcessPath!);
        Add("bin/claude", Runs);
        Add("bin/gemini", UnixFileMode.UserRead);
        Directory.CreateDirectory(Path.Combine(path, "codex-acp"));
        await using var server = await KillableServer.StartWithAsync("{}", ("PATH", path), ("SHELL", "/bin/bash"));

        (await server.Client.AgentProfilesAsync()).ShouldBe(
            [new("claude", "claude", "isolated"), new("shell", "terminal", "isolated")]);
        foreach (var other in (string[])
            ["gemini", "codex", "bash", "/bin/bash", "../shell", "Shell", "shell ", "shell; true", "$(true)", "",
                "dotnet"])
        {
            var no = await RefusedAsync(server.Client, other);
            (no.Field, no.Code).ShouldBe(("profile", "unknown-profile"), other);
            no.Detail.ShouldBe("There is no such profile. There are: shell, claude.");
        }

        MarkedProcesses.Find(marker => marker.Instance.StartsWith(StoreOf(server), StringComparison.Ordinal))
            .ShouldBeEmpty();
        var shell = await server.Client.CreateAsync("agent", new { profile = "shell" });
        (await server.Client.AgentIsAsync(shell.Id, "idle")).State!.Value.GetProperty("process").GetProperty("pid")
            .GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_known_program_is_found_only_where_it_could_be_started()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Add("first/gemini", UnixFileMode.UserRead);
        Add("second/gemini", Runs);
        Add("second/opencode", UnixFileMode.UserRead);
        Add("second/claude", Runs);
        var second = Path.Combine(_scratch.Path, "second");

        // As a program's own path is read: a relative directory would make what is run depend on where.
        Names($"{_scratch.Path}/first:{second}").ShouldBe(["shell", "claude", "gemini"]);
        Names(Path.GetRelativePath(Environment.CurrentDirectory, second)).ShouldBe(["shell"]);
        Names("").ShouldBe(["shell"]);
        Names(null).ShouldBe(["shell"]);

        static IEnumerable<string> Names(string? path) =>
            DefaultProfiles.Find(path, "/bin/sh").Select(profile => profile.Name);
    }

    [ProgramFact]
    public async Task Without_the_known_ones_and_others_nothing_can_run()
    {
        await using var server = await AgentServer.StartAsync("[]");

        (await server.Client.AgentProfilesAsync()).ShouldBeEmpty();
        (await RefusedAsync(server.Client, "shell")).Detail
            .ShouldBe("This server has no profiles for you; its configuration names them.");
    }

    [ProgramFact]
    public async Task A_profile_is_for_its_owners_and_others_do_not_even_see_its_name()
    {
        await using var server = await AgentServer.StartAsync("""
            [ { "Name": "ours", "Protocol": "terminal", "Command": "/bin/sh" },
              { "Name": "bobs", "Protocol": "terminal", "Command": "/bin/sh", "Owners": ["bob"] },
              { "Name": "room", "Protocol": "terminal", "Command": "/bin/sh", "Owners": ["*"], "Mode": "shared" } ]
            """);
        using var bob = await ClientOfAsync(server, "bob");
        using var eve = await ClientOfAsync(server, "eve");

        await SeesAsync(server.Client, "ours", "room");
        await SeesAsync(bob, "bobs", "room");
        await SeesAsync(eve, "room");
        (await RefusedAsync(eve, "bobs")).Detail.ShouldBe("There is no such profile. There are: room.");
        (await RefusedAsync(bob, "ours")).Detail.ShouldBe("There is no such profile. There are: bobs, room.");
        (await RefusedAsync(server.Client, "bobs")).Code.ShouldBe("unknown-profile");

        // A shared session is one for all of an owner's clients, and another for the next owner's.
        var ours = await server.Client.CreateAsync("agent", new { profile = "room" });
        var eves = await eve.CreateAsync("agent", new { profile = "room" });
        (ours.Id, ours.Owner, eves.Id, eves.Owner).ShouldBe(("room", "local", "room", "eve"));
        var one = await server.Client.CreateAsync("agent", new { profile = "ours" });
        (await Should.ThrowAsync<SojournProblemException>(() => eve.GetAsync("agent", one.Id)))
            .Problem.Name.ShouldBe("not-found");
        using var socket = new AttachSocket();
        (await socket.TryConnectAsync(server.Serve.Url, one.Id,
            ("Authorization", $"Bearer {await KeyOfAsync(server, "eve")}"))).ShouldBeFalse();
        ((int)socket.Status).ShouldBe(404);
    }

    public void Dispose() => _scratch.Dispose();

    private static async Task SeesAsync(SojournClient client, params string[] names) =>
        (await client.AgentProfilesAsync()).Select(profile => profile.Name).ShouldBe(names);

    private static async Task<SojournProblem> RefusedAsync(SojournClient client, string profile) =>
        (await Should.ThrowAsync<SojournProblemException>(() => client.CreateAsync("agent", new { profile }))).Problem;

    private static async Task<SojournClient> ClientOfAsync(AgentServer server, string owner) =>
        new(new SojournClientOptions { Url = server.Serve.Url, Key = await KeyOfAsync(server, owner) });

    private static async Task<string> KeyOfAsync(AgentServer server, string owner) =>
        (await server.Client.MakeKeyAsync(owner)).Key!;

    private static string StoreOf(KillableServer server)
    {
        var directory = System.Text.Encoding.UTF8.GetBytes(Path.Combine(server.Data, "agents"));
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(directory))[..16] + ".";
    }

    private void Add(string file, UnixFileMode mode)
    {
        var path = Path.Combine(_scratch.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\nexit 0\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
