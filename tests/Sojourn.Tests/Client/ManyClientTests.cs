using Sojourn.Tests.Server;

namespace Sojourn.Tests.Client;

using Sojourn.Client;

/// <summary>Many sessions through the .NET client, against a real server.</summary>
public sealed class ManyClientTests : IAsyncLifetime, IDisposable
{
    private ServerUnderTest _server = null!;
    private SojournClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerUnderTest.StartAsync();
        _client = new SojournClient(new SojournClientOptions { Url = _server.Url, Key = ServerUnderTest.Key });
        foreach (var id in (string[])["a", "b", "c"])
            await _server.CreateAsync(id);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Sessions_are_found_by_what_they_have()
    {
        var blue = await _client.LabelAsync("counter", "a", new Dictionary<string, string?> { ["team"] = "b l+ue" });
        blue.Labels["team"].ShouldBe("b l+ue");

        var filter = new SessionFilter
        {
            Labels = blue.Labels,
            Text = "L+U",
            Busy = false,
            Final = false,
            Status = "open",
            CreatedBefore = DateTimeOffset.MaxValue,
        };
        var found = new List<string>();
        await foreach (var session in _client.ListAsync(filter))
            found.Add(session.Id);
        found.ShouldBe(["a"]);
        (await _client.CountAsync(filter)).ShouldBe(new SessionCount(1, false));
        (await _client.CountAsync(kind: "counter", atMost: 2)).ToString().ShouldBe("2 or more");
        (await _client.LabelAsync("counter", "a", new Dictionary<string, string?> { ["team"] = null }))
            .Labels.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_of_many_answers_for_itself()
    {
        var results = new List<ManyResult>();
        await foreach (var result in _client.SendManyAsync(
            "counter", Selection.Of("a", "nobody"), "increment", new { by = 3 }, "once"))
            results.Add(result);
        results.Select(result => (result.Id, result.Ok)).ShouldBe([("a", true), ("nobody", false)]);
        results[0].Reply!.Value.GetInt64().ShouldBe(3);
        results[1].Problem!.Name.ShouldBe("not-found");

        var gone = 0;
        var open = Selection.Where(new SessionFilter { Final = false });
        await foreach (var result in _client.RemoveManyAsync("counter", open))
            gone += result.Ok ? 1 : 0;
        gone.ShouldBe(3);
        Should.Throw<ArgumentException>(() => Selection.Of(Enumerable.Range(0, 1_001).Select(i => $"x{i}")));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_not_taken_for_whole()
    {
        await using var pretend = await PretendServer.StartAsync();
        pretend.On("POST /v1/counter/bulk", http =>
            http.Response.Body.WriteAsync("\n{\"id\":\"a\",\"ok\":true,\"version\":2}\n"u8.ToArray()).AsTask());
        using var client = new SojournClient(new SojournClientOptions { Url = pretend.Url });
        var seen = new List<string>();
        await Should.ThrowAsync<SojournConnectionException>(async () =>
        {
            await foreach (var result in client.SendManyAsync("counter", Selection.Of("a", "b"), "tick"))
                seen.Add(result.Id);
        });
        seen.ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_session_is_touched_and_begins_anew()
    {
        (await _client.TouchAsync("counter", "a")).Version.ShouldBe(2);
        var anew = await _client.BeginAnewAsync("counter", "a", new { from = 7 });
        anew.State!.Value.GetProperty("total").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task An_operator_looks_after_the_store()
    {
        var found = await _client.StatisticsAsync();
        found.Kinds.ShouldHaveSingleItem().ByStatus["open"].ShouldBe(3);
        found.Kinds[0].Activity!["created"].ShouldBe(3);
        found.Store!.Commits.ShouldBeGreaterThan(0);
        found.Store.MaxPendingSteps.ShouldBe(100_000);
        found.Use.ShouldBeNull();
        var local = await _client.StatisticsAsync("local");
        local.Store.ShouldBeNull();
        local.Use!.Sessions.ShouldBe(3);
        local.Use.MaxSessions.ShouldBeNull();
        local.Kinds[0].Level.ShouldBe("healthy");
        (await _client.VerifyAsync()).DamagedRecords.ShouldBe(0);
        (await _client.RestoreAsync("counter", "a")).Version.ShouldBe(1);
        (await Should.ThrowAsync<SojournProblemException>(() => _client.BackUpAsync("x"))).Problem.Code
            .ShouldBe("no-backup-directory");
        (await _client.CleanUpAsync(new SessionFilter { Text = "a" }, limit: 1)).ShouldBe(new CleanUpResult(1, true));
        (await _client.HealthAsync()).Level.ShouldBe("healthy");
    }
}
