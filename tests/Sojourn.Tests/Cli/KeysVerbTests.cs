using System.Net.Http.Headers;
using Sojourn.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Cli;

/// <summary>Keys from the command line, against a real server.</summary>
public sealed class KeysVerbTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private ServeUnderTest _serve = null!;

    private string Data => Path.Combine(_scratch.Path, "data");

    public async Task InitializeAsync() => _serve = await ServeUnderTest.StartAsync(Data);

    public async Task DisposeAsync() => await _serve.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_key_that_was_made_works_until_it_is_revoked_also_after_a_restart()
    {
        var made = await RunAsync("keys", "add", "--owner", "alice", "--name", "laptop", "--expires-in", "2d");
        made.ExitCode.ShouldBe(ExitCodes.Done, made.Error);
        var key = made.Out.Trim();
        key.ShouldStartWith("sj_");
        made.Error.ShouldContain("not shown again");
        (await RunAsync("new", "generation", """{"storyText": "One two three four five."}""", "--key", key))
            .ExitCode.ShouldBe(ExitCodes.Done);

        await _serve.DisposeAsync();
        _serve = await ServeUnderTest.StartAsync(Data);
        (await RunAsync("ls", "generation", "--key", key, "--json")).Json.GetProperty("sessions").GetArrayLength()
            .ShouldBe(1);
        (await RunAsync("ls", "generation", "--json")).Json.GetProperty("sessions").GetArrayLength().ShouldBe(0);
        var listed = (await RunAsync("keys", "ls", "--json")).Json.GetProperty("keys")[0];
        listed.GetProperty("owner").GetString().ShouldBe("alice");
        listed.GetProperty("lastUsedAt").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        var table = await RunAsync("keys", "ls");
        table.Out.ShouldContain("laptop");
        table.Out.ShouldContain("good");

        (await RunAsync("keys", "revoke", listed.GetProperty("id").GetString()!)).Out.ShouldContain("Revoked");
        (await RunAsync("ls", "generation", "--key", key)).ExitCode.ShouldBe(ExitCodes.NotAllowed);
        (await RunAsync("keys", "revoke", "0123456789abcdef")).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    [Fact]
    public async Task Who_holds_no_admin_key_is_told_so()
    {
        var made = await RunAsync("keys", "add", "--owner", "alice", "--json");
        var key = made.Json.GetProperty("key").GetString()!;
        var refused = await RunAsync("keys", "ls", "--key", key);
        refused.ExitCode.ShouldBe(ExitCodes.NotAllowed);
        refused.Error.ShouldContain("Only an admin key");

        var admin = (await RunAsync("keys", "add", "--owner", "alice", "--admin")).Out.Trim();
        (await RunAsync("keys", "ls", "--key", admin)).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("keys", "add")]
    [InlineData("keys", "add", "--owner", "a", "--expires-in", "soon")]
    [InlineData("keys", "add", "--owner", "a", "--expires-in", "999ms")]
    [InlineData("keys", "add", "--owner", "a", "--expires-in", "3661d")]
    [InlineData("keys", "add", "--owner", "Alice")]
    [InlineData("keys", "revoke", "../x")]
    public async Task What_cannot_be_meant_is_bad_usage(params string[] words) =>
        (await RunAsync(words)).ExitCode.ShouldBe(ExitCodes.Usage);

    private Task<CliRun> RunAsync(params string[] words) => CliRun.OfAsync(
        new CliSurroundings { Server = _serve.Url, Environment = [] }, [.. words, "--data", Data]);
}
