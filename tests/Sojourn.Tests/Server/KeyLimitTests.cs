using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Server.Keys;
using Sojourn.Testing;

namespace Sojourn.Tests.Server;

/// <summary>How many keys a server has, and what tenants' quotas have to do with it: nothing.</summary>
public sealed class KeyLimitTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_stolen_key_is_revoked_however_few_commands_an_owner_may_send()
    {
        await using var server = await StartAsync(new() { CommandsPerSecond = 1 / 60.0, Burst = 2 });
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
            ids.Add((await MakeAsync(server, $"tenant-{i}"))["id"].GetString()!);

        foreach (var id in ids)
            (await server.SendAsync("DELETE", $"/v1/keys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Keys_are_made_however_few_sessions_and_bytes_an_owner_may_have()
    {
        await using var server = await StartAsync(new() { MaxSessions = 0, MaxBytes = 0 });
        for (var i = 0; i < 3; i++)
            await MakeAsync(server, $"tenant-{i}");
    }

    [Theory]
    [InlineData("server")]
    [InlineData("system")]
    public async Task No_tenant_shares_an_account_with_the_keys_whatever_its_name(string owner)
    {
        await using var server = await StartAsync(new() { MaxSessions = 2 });
        using var tenant = server.Client((await MakeAsync(server, owner))["key"].GetString());
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Created, (HttpStatusCode)429])
        {
            using var post = new HttpRequestMessage(HttpMethod.Post, "/v1/counter");
            (await ServerUnderTest.SendAsync(tenant, post)).Status.ShouldBe(status);
        }

        await MakeAsync(server, "alice");
        (await tenant.GetStringAsync("/v1/sessions/count")).ShouldBe("{\"count\":2,\"atLeast\":false}");
    }

    [Fact]
    public async Task The_owner_of_the_keys_is_no_name_that_anybody_can_ask_for()
    {
        await using var server = await StartAsync(OwnerQuota.Unlimited);
        (await server.SendAsync("POST", "/v1/keys", """{"owner": "_system"}""")).ShouldBeProblem(422, "invalid")
            ["field"].GetString().ShouldBe("owner");
        (await server.SendAsync("GET", "/v1/stats?owner=_system")).ShouldBeProblem(400, "invalid-parameter");
        (await server.SendAsync("POST", "/v1/admin/clean-up", """{"owner": "_system", "where": {"text": "a"}}"""))
            .ShouldBeProblem(422, "invalid")["field"].GetString().ShouldBe("owner");
        (await server.SendAsync("POST", "/v1/counter/a/restore?owner=_system"))
            .ShouldBeProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task At_the_limit_of_keys_one_that_is_over_makes_place_and_a_good_one_never()
    {
        await using var server = await StartAsync(OwnerQuota.Unlimited);
        var engine = server.Services.GetRequiredService<SojournEngine>();
        for (var i = 2; i < KeyKind.MostKeys; i++)
        {
            var kept = await engine.CreateAsync(
                new KeepKey("tenant", "", [], Admin: false, null), new CreateOptions { Owner = KeyKind.Keeper });
            kept.IsAccepted.ShouldBeTrue();
        }

        var first = (await MakeAsync(server, "alice"))["id"].GetString();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = (await MakeAsync(server, "alice"))["id"].GetString();

        (await server.SendAsync("POST", "/v1/keys", """{"owner": "alice"}""")).ShouldBeProblem(429, "full").Detail
            .ShouldBe("There are 1,000 keys, as many as a server keeps. Revoke one that nobody needs any more.");

        foreach (var id in (string?[])[second, first])
            (await server.SendAsync("DELETE", $"/v1/keys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        await MakeAsync(server, "alice");
        (await server.SendAsync("DELETE", $"/v1/keys/{first}")).ShouldBeProblem(404, "not-found");
        await MakeAsync(server, "alice");
        (await server.SendAsync("DELETE", $"/v1/keys/{second}")).ShouldBeProblem(404, "not-found");
        (await server.SendAsync("POST", "/v1/keys", """{"owner": "alice"}""")).ShouldBeProblem(429, "full");
    }

    [Fact]
    public async Task What_is_the_systems_has_no_quota_and_cannot_be_given_one()
    {
        await using var server = await StartAsync(new() { MaxSessions = 1 });
        var engine = server.Services.GetRequiredService<SojournEngine>();
        engine.QuotaOf(OwnerId.System).ShouldBe(OwnerQuota.Unlimited);
        Should.Throw<SojournException>(() => engine.SetQuota(OwnerId.System, new() { MaxSessions = 1 }))
            .Message.ShouldContain("OwnerId.System");
    }

    private Task<ServerUnderTest> StartAsync(OwnerQuota quota) =>
        ServerUnderTest.StartAsync(also: kinds => kinds.Services.AddSingleton<TimeProvider>(_clock), quota: quota);

    private static async Task<Reply> MakeAsync(ServerUnderTest server, string owner)
    {
        var made = await server.SendAsync("POST", "/v1/keys", $$"""{"owner": "{{owner}}"}""");
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made;
    }
}
