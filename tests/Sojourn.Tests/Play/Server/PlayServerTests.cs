using System.Net;
using Sojourn.Kinds.Play;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play.Server;

/// <summary>Play sessions over HTTP.</summary>
public sealed class PlayServerTests
{
    [Fact]
    public async Task A_pilot_who_plays_already_is_told_where_and_may_take_over()
    {
        await using var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddPlay());
        var first = await server.SendAsync("POST", "/v1/play", """{"pilot":"Maverick","game":"wcsaga"}""");
        first.Status.ShouldBe(HttpStatusCode.Created, first.Text);
        var id = first["id"].GetString()!;

        var second = await server.SendAsync("POST", "/v1/play", """{"pilot":" Maverick","game":"wcsaga"}""");
        second.ShouldBeProblem(409, "refused");
        second["code"].GetString().ShouldBe("already-playing");
        second.Detail!.ShouldContain(id);
        (await server.SendAsync("PUT", "/v1/play/other", """{"pilot":"Maverick","game":"wcsaga"}"""))
            .ShouldBeProblem(409, "refused");
        (await server.SendAsync("PUT", $"/v1/play/{id}", """{"pilot":"Maverick","game":"wcsaga"}"""))
            .Status.ShouldBe(HttpStatusCode.OK);

        var third = await server.SendAsync(
            "POST", "/v1/play", """{"pilot":"Maverick","game":"wcsaga","takeOver":true}""");
        third.Status.ShouldBe(HttpStatusCode.Created, third.Text);
        var ended = await server.SendAsync("GET", $"/v1/play/{id}");
        (ended["status"].GetString(), ended["state"].GetProperty("end").GetString()).ShouldBe(("ended", "takenOver"));
        var list = await server.SendAsync("GET", "/v1/play?label=pilot:Maverick&status=playing");
        list["sessions"].EnumerateArray().Single().GetProperty("id").GetString().ShouldBe(third["id"].GetString());
    }

    [Fact]
    public async Task A_start_that_is_sent_again_begins_one_session()
    {
        await using var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddPlay());
        var first = await server.SendAsync(
            "POST", "/v1/play", """{"pilot":"Ann"}""", ("Idempotency-Key", "start-1"));
        var again = await server.SendAsync(
            "POST", "/v1/play", """{"pilot":"Ann"}""", ("Idempotency-Key", "start-1"));
        (again.Status, again["id"].GetString()).ShouldBe((HttpStatusCode.Created, first["id"].GetString()));
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
    }

    [Fact]
    public async Task A_crash_and_its_recovery_go_over_http_step_by_step()
    {
        await using var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddPlay());
        await server.SendAsync("PUT", "/v1/play/mine", """{"pilot":"Ann"}""");
        foreach (var (command, body) in ((string, string)[])
        [
            ("update", """{"metadata":{"progress":75}}"""),
            ("change-state", """{"to":"briefing"}"""),
            ("change-state", """{"to":"mission"}"""),
            ("saved", """{"save":{"slot":"quick","generation":3,"type":"quick","size":10}}"""),
            ("checkpoint", """{"why":"interval"}"""),
            ("beat", "{}"),
            ("interrupted", """{"what":"The process is gone."}"""),
        ])
        {
            var done = await server.SendAsync("POST", $"/v1/play/mine/{command}", body);
            done.Status.ShouldBe(HttpStatusCode.OK, $"{command}: {done.Text}");
        }

        var offer = (await server.SendAsync("GET", "/v1/play/mine"))["state"].GetProperty("offer");
        offer.GetProperty("recommended").GetProperty("slot").GetString().ShouldBe("quick");
        offer.GetProperty("path").EnumerateArray().Select(state => state.GetString()).ShouldBe(["briefing", "mission"]);

        var plan = await server.SendAsync("POST", "/v1/play/mine/accept-recovery", "{}");
        plan["reply"].GetProperty("backup").GetProperty("generation").GetInt32().ShouldBe(3);
        (await server.SendAsync("POST", "/v1/play/mine/recovered", """{"slot":"quick","generation":3}"""))
            .Status.ShouldBe(HttpStatusCode.OK);
        var state = await server.SendAsync("GET", "/v1/play/mine");
        (state["status"].GetString(), state["state"].GetProperty("gameState").GetString())
            .ShouldBe(("playing", "mission"));
        state["state"].GetProperty("metadata").GetProperty("progress").GetInt32().ShouldBe(75);
        (await server.SendAsync("POST", "/v1/play/mine/take-over", """{"by":"x"}""")).Status
            .ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("accept-recovery")]
    [InlineData("continue-play")]
    public async Task A_game_is_not_taken_up_again_beside_another_of_its_pilot_unless_that_one_is_to_end(string command)
    {
        await using var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddPlay());
        await server.SendAsync("PUT", "/v1/play/lost", """{"pilot":"Ann"}""");
        await server.SendAsync("POST", "/v1/play/lost/saved", """{"save":{"slot":"quick","generation":3}}""");
        await server.SendAsync("POST", "/v1/play/lost/interrupted", """{"what":"The process is gone."}""");
        await server.SendAsync("PUT", "/v1/play/next", """{"pilot":"ann"}""");

        var refused = await server.SendAsync("POST", $"/v1/play/lost/{command}", "{}");
        refused.ShouldBeProblem(409, "refused");
        refused["code"].GetString().ShouldBe("already-playing");
        refused.Detail!.ShouldContain("'next'");
        (await server.SendAsync("GET", "/v1/play/lost"))["status"].GetString().ShouldBe("interrupted");

        (await server.SendAsync("POST", $"/v1/play/lost/{command}", """{"takeOver":true}"""))
            .Status.ShouldBe(HttpStatusCode.OK);
        (await server.SendAsync("GET", "/v1/play/next"))["state"].GetProperty("end").GetString().ShouldBe("takenOver");
        // And again, nobody else plays.
        (await server.SendAsync("POST", "/v1/play/lost/continue-play", "{}")).Status.ShouldBe(
            command == "continue-play" ? HttpStatusCode.OK : HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task An_answer_to_an_offer_that_is_sent_again_is_answered_as_before_and_ends_nobody_elses_play()
    {
        await using var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddPlay());
        await server.SendAsync("PUT", "/v1/play/lost", """{"pilot":"Ann"}""");
        await server.SendAsync("POST", "/v1/play/lost/saved", """{"save":{"slot":"quick","generation":3}}""");
        await server.SendAsync("POST", "/v1/play/lost/interrupted", """{"what":"The process is gone."}""");
        var accepted = await AcceptAsync();
        accepted.Status.ShouldBe(HttpStatusCode.OK, accepted.Text);
        await server.SendAsync("POST", "/v1/play/lost/recovery-failed", """{"reason":"It would not load."}""");
        await server.SendAsync("PUT", "/v1/play/next", """{"pilot":"Ann"}""");
        await server.SendAsync("PUT", "/v1/play/next/labels", """{"pilot":null}""");

        (await AcceptAsync()).Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await server.SendAsync("POST", "/v1/play/lost/accept-recovery", "{}")).ShouldBeProblem(409, "refused")
            .Detail!.ShouldStartWith("ANN plays game already, in the session 'next'.");
        (await server.SendAsync("GET", "/v1/play/next"))["status"].GetString().ShouldBe("playing");

        Task<Reply> AcceptAsync() => server.SendAsync(
            "POST", "/v1/play/lost/accept-recovery", """{"takeOver":true}""", ("Idempotency-Key", "accept-1"));
    }

    [Fact]
    public async Task Every_command_is_described()
    {
        await using var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddPlay());
        var paths = (await server.SendAsync("GET", "/openapi/v1.json"))["paths"];
        foreach (var command in (string[])
        [
            "update", "beat", "change-state", "checkpoint", "saved", "end", "interrupted", "continue-play",
            "accept-recovery", "try-next", "recovered", "recovery-failed", "decline-recovery", "decide-later",
        ])
        {
            paths.TryGetProperty($"/v1/play/{{id}}/{command}", out _).ShouldBeTrue(command);
        }
    }
}
