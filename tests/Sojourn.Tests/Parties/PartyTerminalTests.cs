using System.Text.Json;
using Sojourn.Tests.Cli;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Parties;

/// <summary>A party at the command line, in a real terminal, without rights and without a network.</summary>
[Collection(Lane.SecondProcesses)]
public sealed class PartyTerminalTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [TerminalFact]
    public async Task The_status_is_live_while_members_come_and_reach_each_other_and_leaving_ends_all()
    {
        await using var server = SojournProcess.Start(
            "serve", "--urls", "http://127.0.0.1:0", "--data", PathOf("server"));
        var line = await server.WaitForLineAsync("listens on");
        var url = line[line.IndexOf("http", StringComparison.Ordinal)..];
        await using var create = SojournProcess.Start(
            "party", "create", "Friday", "night", "--url", url, "--data", PathOf("server"));
        (await create.ExitAsync()).ShouldBe(2, "NAME is one word, or quoted");
        await using var made = SojournProcess.Start(
            "party", "create", "Friday night", "--url", url, "--data", PathOf("server"));
        var invitation = (await made.WaitForLineAsync("Invitation: "))["Invitation: ".Length..];

        await using var ann = Join(invitation, "ann");
        await ann.WaitForLineAsync("You are 10.66.0.1 in Friday night, through no tunnel.");
        await using var status = RealTerminal.Start(_scratch.Path, "party", "status", "--home", PathOf("ann"));
        await status.WaitForWrittenAsync("ann (host)");
        status.Written.ShouldNotContain("ben");
        await using var ben = Join(invitation, "ben");
        await ben.WaitForLineAsync("You are 10.66.0.2");
        await status.WaitForWrittenAsync("ben");
        await status.WaitForWrittenAsync("10.66.0.2");
        await ann.WaitForLineAsync("ben: ");

        (await SayAsync("party", "status", "--home", PathOf("ben"), "--json"))
            .RootElement.GetProperty("party").GetProperty("members").GetArrayLength().ShouldBe(2);
        (await SayAsync("party", "leave", "Friday night", "--home", PathOf("ann"), "--json"))
            .RootElement.GetProperty("left").GetBoolean().ShouldBeTrue();
        (await ann.ExitAsync()).ShouldBe(0);
        ann.Output.ShouldContain("You have no seat there any more");
        (await status.ExitAsync()).ShouldBe(0);
        status.Written.ShouldContain("You have no seat there any more");
        await ben.WaitForLineAsync("ann has left.");

        await using var nowhere = SojournProcess.Start("party", "status", "--home", PathOf("ann"));
        (await nowhere.ExitAsync()).ShouldBe(2);
        nowhere.Error.ShouldContain("This machine sits in no party. Join one");
    }

    private SojournProcess Join(string invitation, string name) => SojournProcess.Start(
        "party", "join", invitation, "--name", name, "--no-tunnel", "--home", PathOf(name));

    private static async Task<JsonDocument> SayAsync(params string[] words)
    {
        await using var process = SojournProcess.Start(words);
        (await process.ExitAsync()).ShouldBe(0, process.Error);
        return JsonDocument.Parse(process.Output);
    }

    private string PathOf(string name) => Path.Combine(_scratch.Path, name);
}
