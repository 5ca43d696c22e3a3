using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sojourn.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>What `sojourn serve` is told about games, and the key that it signs files with.</summary>
public sealed class GameConfigurationTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Games_begin_with_the_figures_and_have_the_slots_that_the_file_says()
    {
        await using var serve = await ServeUnderTest.StartAsync(_scratch.Path, _scratch.File("config.json", """
            {
              "Explorer": {
                "MaxGames": 2, "SaveSlots": 2, "PassivateAfter": "30min", "KeepEndedFor": "1d",
                "RuleSets": [ { "Name": "short", "MaxTurns": 20, "victoryWealth": 1200 } ]
              }
            }
            """));
        var game = await ReadAsync(await serve.Http.PutAsJsonAsync("/v1/explorer/a", new { ruleSet = "short" }));
        game.GetProperty("state").GetProperty("rules").GetProperty("maxTurns").GetInt32().ShouldBe(20);
        game.GetProperty("state").GetProperty("rules").GetProperty("victoryWealth").GetInt32().ShouldBe(1200);
        (await serve.Http.PutAsJsonAsync("/v1/explorer/b", new { })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var refused = await serve.Http.PutAsJsonAsync("/v1/explorer/c", new { });
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        var slots = await serve.Http.GetFromJsonAsync<JsonElement>("/v1/explorer/a/slots");
        slots.GetProperty("maxSlots").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("""{ "RuleSets": [ { "Name": "a", "MaxTurns": 0 } ] }""", "MaxTurns must be 1 to 10,000")]
    [InlineData("""{ "RuleSets": [ { "Name": "a", "MaxTurn": 5 } ] }""", "'Explorer:RuleSets' must be a list")]
    [InlineData("""{ "RuleSets": [ null ] }""", "'Explorer:RuleSets' must be a list")]
    [InlineData("""{ "RuleSets": { "Name": "a" } }""", "'Explorer:RuleSets' must be a list")]
    [InlineData("""{ "RuleSets": [ { "Name": "My Rules" } ] }""", "Rule set 'My Rules': Name must be 1 to 32 of a-z")]
    [InlineData("""{ "RuleSets": [ { "Name": "a" }, { "Name": "a" } ] }""", "two rule sets named 'a'")]
    [InlineData("""{ "MaxGames": 0 }""", "MaxGames must be 1 to 100,000,000")]
    [InlineData("""{ "SaveSlots": 101 }""", "SaveSlots must be 1 to 100")]
    [InlineData("""{ "ExportKey": "a secret that is in a file" }""", "'Explorer:ExportKey' is unknown")]
    public async Task What_cannot_be_meant_keeps_the_server_from_starting(string explorer, string says)
    {
        var config = _scratch.File("config.json", $$"""{ "Explorer": {{explorer}} }""");
        (await Should.ThrowAsync<UsageException>(() => ServeUnderTest.StartAsync(_scratch.Path, config))).Message
            .ShouldContain(says);
    }

    [Fact]
    public async Task Exported_saves_outlive_the_process_but_not_the_key_which_nobody_else_gets_to_see()
    {
        var data = Path.Combine(_scratch.Path, "data");
        var keyFile = Path.Combine(data, "export-key");
        byte[] file;
        await using (var first = await ServeUnderTest.StartAsync(data))
        {
            (await first.Http.PutAsJsonAsync("/v1/explorer/a", new { seed = 7 })).EnsureSuccessStatusCode();
            (await first.Http.PutAsync("/v1/explorer/a/slots/1", null)).EnsureSuccessStatusCode();
            file = await first.Http.GetByteArrayAsync("/v1/explorer/a/slots/1/export");
            var key = (await File.ReadAllTextAsync(keyFile)).Trim();
            key.Length.ShouldBe(43);
            key.ShouldNotBe((await File.ReadAllTextAsync(Path.Combine(data, "key"))).Trim());
            (first.Output.ToString() + first.Error + Encoding.UTF8.GetString(file)).ShouldNotContain(key);
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(keyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        await using (var second = await ServeUnderTest.StartAsync(data))
        {
            (await second.Http.PostAsync("/v1/explorer/b/import", Json(file))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        File.Delete(keyFile);
        await using var third = await ServeUnderTest.StartAsync(data);
        var refused = await third.Http.PostAsync("/v1/explorer/b/import", Json(file));
        (await ReadAsync(refused)).GetProperty("code").GetString().ShouldBe("foreign");
    }

    private static ByteArrayContent Json(byte[] file) =>
        new(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>();
}
