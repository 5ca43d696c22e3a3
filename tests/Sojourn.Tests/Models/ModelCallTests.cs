using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Generation;
using Sojourn.Models;

namespace Sojourn.Tests.Models;

/// <summary>One piece at a time: what happens between the generator and a model's server.</summary>
public sealed class ModelCallTests
{
    private const string GoodScene =
        """{"title":"Up","description":"Mara climbs the stairs.","imagePrompt":"A wide shot of a lighthouse."}""";

    [Fact]
    public async Task A_server_that_asks_to_wait_is_given_the_time_it_asks_for()
    {
        await using var easel = await Easel.SetUpAsync();
        var date = easel.Clock.GetUtcNow().AddSeconds(30).ToString("r");
        easel.Model.Next(PretendModel.Chat,
            PretendModel.Fail(429, retryAfter: "7"),
            PretendModel.Fail(429, retryAfter: date),
            PretendModel.Fail(503, retryAfter: "3600"));

        await easel.AnalyseAsync();

        var start = easel.Model.Requests.First().At;
        easel.Model.Requests.Select(request => (request.At - start).TotalSeconds).ShouldBe([0, 7, 30, 90]);
        easel.Bill.Usage.Calls.ShouldBe(4);
        easel.Bill.Usage.PromptTokens.ShouldBe(PretendModel.PromptTokens);
    }

    [Fact]
    public async Task Failures_that_heal_are_tried_again_after_growing_pauses()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Chat, PretendModel.Fail(500), PretendModel.Fail(502), PretendModel.CutAsync);

        var analysis = await easel.AnalyseAsync();

        analysis.Characters.ShouldBe(["Mara", "Tobias"]);
        var times = easel.Model.Requests.Select(request => request.At).ToList();
        times.Count.ShouldBe(4);
        times.Zip(times.Skip(1), (earlier, later) => later - earlier)
            .ShouldAllBe(pause => pause > TimeSpan.Zero && pause <= TimeSpan.FromMinutes(1));
        easel.Log.Lines.Count(line => line.Contains("tried again")).ShouldBe(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_server_that_stays_broken_is_given_up_after_the_configured_attempts(int retries)
    {
        await using var easel = await Easel.SetUpAsync(options => options.Retries = retries);
        easel.Model.Always(PretendModel.Chat, PretendModel.Fail(500, new { message = "The machine is on fire." }));

        var failure = await Easel.FailureAsync(easel.AnalyseAsync());

        failure.ShouldContain("(500)");
        failure.ShouldContain("The machine is on fire.");
        easel.Model.Requests.Count.ShouldBe(retries + 1);
        easel.Bill.Usage.ShouldBe(new Usage(Calls: retries + 1));
    }

    [Theory]
    [InlineData(400, "does not accept the request")]
    [InlineData(401, "does not accept the key")]
    [InlineData(403, "may not use the model 'pretend-text'")]
    [InlineData(404, "knows no model 'pretend-text'")]
    [InlineData(422, "does not accept the request")]
    [InlineData(302, "does not accept the request")]
    public async Task What_no_waiting_heals_fails_at_once_and_says_what_to_do(int status, string says)
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Always(PretendModel.Chat, PretendModel.Fail(status, new { message = "Because." }));

        var failure = await Easel.FailureAsync(easel.AnalyseAsync());

        failure.ShouldContain(says);
        failure.ShouldContain($"({status})");
        failure.ShouldContain("retry");
        failure.EndsWith("It says: Because.", StringComparison.Ordinal).ShouldBe(status != 401);
        easel.Model.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_server_says_is_quoted_in_part_and_never_with_the_key()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Chat,
            PretendModel.Fail(400, new { message = $"{new string('x', 291)}{Easel.Key}\u001b[2J and so on" }),
            PretendModel.Fail(400, new { message = $"No\u001b[2J {Easel.Key.ToUpperInvariant()}." }),
            PretendModel.Fail(400, 7));

        var told = await Easel.FailureAsync(easel.AnalyseAsync());
        told.ShouldEndWith("x(the key)…");
        (await Easel.FailureAsync(easel.AnalyseAsync())).ShouldEndWith("It says: No [2J (the key).");
        (await Easel.FailureAsync(easel.AnalyseAsync())).ShouldEndWith("and retry.");
    }

    [Fact]
    public async Task An_account_without_credit_is_not_asked_again()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Always(PretendModel.Chat, PretendModel.Fail(429, new { code = "insufficient_quota" }));

        (await Easel.FailureAsync(easel.AnalyseAsync())).ShouldContain("no credit left");

        easel.Model.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("I would say it is about courage.")]
    [InlineData("{\"title\": \"Up\"")]
    [InlineData("{\"title\": \"Up\", \"description\": \"Mara climbs the stairs.\"}")]
    [InlineData("{\"title\":\"\",\"description\":\"Mara climbs.\",\"imagePrompt\":\"A lighthouse.\"}")]
    [InlineData("{\"title\":\"Up\",\"description\":\"Mara climbs.\",\"imagePrompt\":\"A nude lighthouse.\"}")]
    [InlineData("{\"title\":null,\"description\":\"Mara climbs.\",\"imagePrompt\":\"A lighthouse.\"}")]
    [InlineData("")]
    [InlineData(null)]
    public async Task An_answer_that_cannot_be_used_is_asked_for_again_with_the_reason(string? broken)
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Chat, PretendModel.Say(broken), PretendModel.Say(GoodScene));

        (await easel.WriteAsync()).Title.ShouldBe("Up");

        var asked = easel.Model.Requests.Select(request => request.Json["messages"]!.AsArray()).ToList();
        asked.Select(messages => messages.Count).ShouldBe([2, 3]);
        ((string)asked[1][2]!["content"]!).ShouldContain("could not be used");
        easel.Bill.Usage.ShouldBe(
            new Usage(2, 2 * PretendModel.PromptTokens, 2 * PretendModel.CompletionTokens));
    }

    [Fact]
    public async Task A_model_that_never_answers_well_is_given_up_after_three_answers()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Always(PretendModel.Chat, PretendModel.Say("{"));

        (await Easel.FailureAsync(easel.WriteAsync())).ShouldContain("3 times");

        easel.Model.Requests.Count.ShouldBe(3);
        easel.Bill.Usage.PromptTokens.ShouldBe(3 * PretendModel.PromptTokens);
    }

    [Theory]
    [InlineData("<html>Welcome to the hotel's Wi-Fi</html>")]
    [InlineData("{}")]
    [InlineData("{\"choices\": []}")]
    [InlineData("[]")]
    public async Task An_answer_that_is_not_of_the_protocol_is_no_crash(string body)
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Always(PretendModel.Chat, PretendModel.Raw(body));
        easel.Model.Always(PretendModel.Images, PretendModel.Raw(body));

        (await Easel.FailureAsync(easel.AnalyseAsync())).ShouldContain("cannot be used");
        (await Easel.FailureAsync(easel.DrawAsync())).ShouldContain("cannot be used");
    }

    [Fact]
    public async Task An_answer_between_fences_is_read()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Chat, PretendModel.Say($"Here you are:\n```json\n{GoodScene}\n```"));

        (await easel.WriteAsync()).Description.ShouldBe("Mara climbs the stairs.");
    }

    [Fact]
    public async Task A_model_that_refuses_or_is_cut_short_is_told_apart()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Chat, PretendModel.Say(null, refusal: "I cannot help with that."));
        (await Easel.FailureAsync(easel.WriteAsync())).ShouldContain("refuses");
        easel.Model.Requests.Count.ShouldBe(1);

        easel.Model.Always(PretendModel.Chat, PretendModel.Say("{\"title\":", finish: "length"));
        (await Easel.FailureAsync(easel.WriteAsync())).ShouldContain("MaxOutputTokens");
    }

    [Fact]
    public async Task A_call_has_exactly_its_time()
    {
        await using var easel = await Easel.SetUpAsync(options => (options.Retries, options.CallTimeout) =
            (0, TimeSpan.FromSeconds(90)));
        var held = new HeldAnswer(PretendModel.AnswerWell);
        easel.Model.Next(PretendModel.Chat, held.AnswerAsync);
        var work = easel.Generator.BilledTo(easel.Bill).AnalyseAsync(Easel.Request, default);
        await easel.Model.ArrivalAsync();

        easel.Clock.Advance(TimeSpan.FromSeconds(90) - TimeSpan.FromTicks(1));
        work.IsCompleted.ShouldBeFalse();
        easel.Clock.Advance(TimeSpan.FromTicks(1));

        (await Easel.FailureAsync(work)).ShouldContain("not answered within 90 seconds");
        await held.Abandoned();
    }

    [Fact]
    public async Task An_answer_that_trickles_has_no_more_time_than_any_other()
    {
        await using var easel = await Easel.SetUpAsync(options => options.Retries = 0);
        var held = new HeldAnswer(PretendModel.AnswerWell);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        easel.Model.Next(PretendModel.Chat, async http =>
        {
            await http.Response.WriteAsync("{\"id\":");
            await http.Response.Body.FlushAsync();
            begun.SetResult();
            await held.AnswerAsync(http);
        });
        var work = easel.Generator.BilledTo(easel.Bill).AnalyseAsync(Easel.Request, default);
        await begun.Task.WaitAsync(Engine.Bench.Patience());

        easel.Clock.Advance(TimeSpan.FromMinutes(2));

        (await Easel.FailureAsync(work)).ShouldContain("not answered within 120 seconds");
        await held.Abandoned();
    }

    [Fact]
    public async Task A_slow_answer_is_tried_again()
    {
        await using var easel = await Easel.SetUpAsync();
        var held = new HeldAnswer(PretendModel.AnswerWell);
        easel.Model.Next(PretendModel.Chat, held.AnswerAsync);
        var work = easel.Generator.BilledTo(easel.Bill).AnalyseAsync(Easel.Request, default);
        await easel.Model.ArrivalAsync();
        easel.Clock.Advance(TimeSpan.FromMinutes(2));

        (await easel.PausingAsync(work)).Places.ShouldBe(["Saltmere"]);

        easel.Bill.Usage.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_in_a_sentence()
    {
        await using var easel = await Easel.SetUpAsync(options => options.Retries = 1);
        await easel.Model.DisposeAsync();

        (await Easel.FailureAsync(easel.AnalyseAsync())).ShouldContain("BaseUrl");
    }

    [Fact]
    public async Task No_more_calls_are_under_way_than_the_process_may_have()
    {
        await using var easel = await Easel.SetUpAsync(options => options.MaxConcurrent = 2);
        var (gate, inside, mostInside) = (new Lock(), 0, 0);
        HeldAnswer[] held = [.. Enumerable.Range(0, 5).Select(_ => new HeldAnswer(http =>
        {
            // Before the answer: once that is out, the next may come.
            Interlocked.Decrement(ref inside);
            return PretendModel.AnswerWell(http);
        }))];
        easel.Model.Next(PretendModel.Chat, [.. held.Select(each => (Func<HttpContext, Task>)(http =>
        {
            lock (gate)
            {
                mostInside = Math.Max(mostInside, Interlocked.Increment(ref inside));
            }

            return each.AnswerAsync(http);
        }))]);
        var work = held.Select(_ => easel.Generator.AnalyseAsync(Easel.Request, default)).ToList();

        await easel.Model.ArrivalAsync();
        await easel.Model.ArrivalAsync();
        for (var answered = 0; answered < held.Length; answered++)
        {
            easel.Model.Requests.Count.ShouldBe(Math.Min(answered + 2, held.Length));
            held[answered].Release();
            if (answered + 2 < held.Length)
            {
                await easel.Model.ArrivalAsync();
            }
        }

        await Task.WhenAll(work);
        mostInside.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_gives_up_ends_the_call_and_the_wait_for_a_place()
    {
        await using var easel = await Easel.SetUpAsync(options => options.MaxConcurrent = 1);
        var held = new HeldAnswer(PretendModel.AnswerWell);
        easel.Model.Next(PretendModel.Chat, held.AnswerAsync);
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var calling = easel.Generator.AnalyseAsync(Easel.Request, first.Token);
        await easel.Model.ArrivalAsync();
        var waiting = easel.Generator.AnalyseAsync(Easel.Request, second.Token);

        await second.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(calling);
        await held.Abandoned();

        (await easel.AnalyseAsync()).Themes.ShouldBe(["courage"]);
        easel.Model.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Tokens_that_a_server_does_not_count_are_estimated()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Chat, PretendModel.Say(GoodScene, counts: false));

        await easel.WriteAsync();

        easel.Bill.Usage.PromptTokens.ShouldBeInRange(100, 2_000);
        easel.Bill.Usage.CompletionTokens.ShouldBe((GoodScene.Length + 3) / 4);
    }

    [Fact]
    public async Task What_is_asked_is_what_the_protocol_knows()
    {
        await using var easel = await Easel.SetUpAsync(options => options.MaxOutputTokens = 1_234);
        await easel.WriteAsync(number: 2, revision: 3);

        var asked = easel.Model.Requests.Single();
        asked.Authorization.ShouldBe($"Bearer {Easel.Key}");
        ((string?)asked.Json["model"]).ShouldBe("pretend-text");
        ((int?)asked.Json["max_completion_tokens"]).ShouldBe(1_234);
        ((string?)asked.Json["response_format"]!["type"]).ShouldBe("json_schema");
        ((bool?)asked.Json["response_format"]!["json_schema"]!["strict"]).ShouldBe(true);
        var material = (string)asked.Json["messages"]![1]!["content"]!;
        material.ShouldContain("Scene 2 of 4");
        material.ShouldContain("version 3");
    }

    [Fact]
    public async Task A_server_that_wants_no_key_gets_none()
    {
        await using var easel = await Easel.SetUpAsync(options => options.KeyFile = null);

        await easel.AnalyseAsync();

        easel.Model.Requests.Single().Authorization.ShouldBeNullOrEmpty();
    }
}
