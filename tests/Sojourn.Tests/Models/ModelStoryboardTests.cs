using System.Text;
using System.Text.Json;
using Sojourn.Kinds.Generation;
using Sojourn.Models;
using Sojourn.Stores;
using Sojourn.Tests.Generation;

namespace Sojourn.Tests.Models;

/// <summary>Whole generations on the real engine, made by a model's server.</summary>
public sealed class ModelStoryboardTests
{
    private const int TextCalls = 6, Scenes = 4;
    private const int TokensACall = PretendModel.PromptTokens + PretendModel.CompletionTokens;

    private static readonly Action<ModelOptions> Priced = options =>
        (options.InputPrice, options.OutputPrice, options.PicturePrice) = (1, 10, 0.04m);

    private static readonly Usage WholeRun = new(
        TextCalls + Scenes, TextCalls * PretendModel.PromptTokens, TextCalls * PretendModel.CompletionTokens, Scenes);

    [Fact]
    public async Task A_story_becomes_a_storyboard_and_says_what_it_has_cost()
    {
        await using var easel = await Easel.SetUpAsync(Priced);
        await using var studio = await Studio.StartAsync(easel.Generator, clock: easel.Clock);
        await studio.BeginAsync(Scenes);

        var completed = (await studio.WaitForAsync("generation-completed")).Data<GenerationCompleted>();

        var state = (await studio.GetAsync()).State;
        string.Concat(state.Scenes.Select(scene => scene.Excerpt)).ShouldBe(Stories.Short);
        state.Plan.Select(part => Stories.Short[part.Start..(part.Start + 4)])
            .ShouldBe(["Mara", "Old ", "The ", "By d"]);
        state.Scenes.ShouldAllBe(scene => scene.Title.StartsWith("Scene by a model"));
        state.Scenes.ShouldAllBe(scene => scene.Picture.MediaType == "image/png");
        state.Analysis!.Places.ShouldBe(["Saltmere"]);
        state.Analysis.Sentences.ShouldBe(6);
        // 420 tokens read at 1 a million, 180 written at 10 a million, 4 pictures at 0.04.
        state.Usage.ShouldBe(WholeRun with { Cost = 0.00042m + 0.0018m + 0.16m });
        state.Fallbacks.ShouldBeEmpty();
        completed.Usage.ShouldBe(state.Usage);
        (await studio.EventsAsync()).Where(happened => happened.Type == "scene-made")
            .Select(happened => happened.Data<SceneMade>().Usage!.Images).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Cancelling_ends_the_call_that_is_under_way()
    {
        await using var easel = await Easel.SetUpAsync();
        var held = new HeldAnswer(PretendModel.Picture(Pictures.Png()));
        easel.Model.Next(PretendModel.Images, held.AnswerAsync);
        await using var studio = await Studio.StartAsync(easel.Generator, clock: easel.Clock);
        await studio.BeginAsync(Scenes);
        await ArrivalAtAsync(easel, PretendModel.Images);

        await studio.SendAsync(new Cancel());

        await held.Abandoned();
        (await studio.GetAsync()).Status.ShouldBe("cancelled");
        await studio.FinishAsync(new Retry());
        (await studio.GetAsync()).State.Usage.ShouldBe(WholeRun);
        easel.Model.Count(PretendModel.Images).ShouldBe(Scenes + 1);
    }

    [Fact]
    public async Task A_stop_in_the_middle_pays_at_most_one_piece_twice_and_counts_each_stored_piece_once()
    {
        await using var easel = await Easel.SetUpAsync(Priced);
        var store = new MemoryStore();
        var held = new HeldAnswer(PretendModel.Picture(Pictures.Png()));
        easel.Model.Next(PretendModel.Images, PretendModel.Picture(Pictures.Png()), held.AnswerAsync);
        Usage before;
        await using (var studio = await Studio.StartAsync(easel.Generator, store, easel.Clock))
        {
            await studio.BeginAsync(Scenes);
            await ArrivalAtAsync(easel, PretendModel.Images);
            await ArrivalAtAsync(easel, PretendModel.Images);
            before = (await studio.GetAsync()).State.Usage;
        }

        (before.Calls, before.Images).ShouldBe((5, 1));
        await held.Abandoned();
        using var generator = easel.Another(Priced);
        await using var later = await Studio.StartAsync(generator, store, easel.Clock);
        await later.WaitForAsync("generation-completed");

        (await later.GetAsync()).State.Usage.ShouldBe(WholeRun with { Cost = 0.16222m });
        easel.Model.Requests.Count.ShouldBe((int)WholeRun.Calls + 1);
    }

    [Fact]
    public async Task Without_a_fallback_it_fails_with_the_reason_and_the_key_is_nowhere()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Always(PretendModel.Images, PretendModel.Fail(401, new
        {
            message = $"Incorrect API key provided: {Easel.Key}. You can find your key at example.org.",
        }));
        await using var studio = await Studio.StartAsync(easel.Generator, clock: easel.Clock);
        await studio.BeginAsync(Scenes);

        var failed = (await studio.WaitForAsync("generation-failed")).Data<GenerationFailed>();

        failed.Error.ShouldBe("The model's server does not accept the key (401). "
            + "Correct the configuration, restart, and retry.");
        var state = (await studio.GetAsync()).State;
        (state.Error, failed.Usage).ShouldBe((failed.Error, state.Usage));
        state.Usage.Calls.ShouldBe(4);
        easel.Model.Count(PretendModel.Images).ShouldBe(1);
        var answer = await studio.Sojourn.SendAsync(Studio.Id, new ApproveScenes([1]));
        string[] said =
        [
            .. easel.Log.Lines, JsonSerializer.Serialize(state, SojournJson.Stored), $"{answer.Problem}",
            .. (await studio.EventsAsync()).Select(happened => Encoding.UTF8.GetString(happened.Json.Span)),
        ];
        said.ShouldAllBe(line => !line.Contains(Easel.Key));
        easel.Log.Lines.ShouldContain(line => line.Contains("pretend-text and pretend-image at"));

        easel.Model.Always(PretendModel.Images, PretendModel.Picture(Pictures.Png()));
        await studio.FinishAsync(new Retry());
        (await studio.GetAsync()).State.Usage.ShouldBe(WholeRun with { Calls = WholeRun.Calls + 1 });
    }

    [Fact]
    public async Task With_the_fallback_the_embedded_generator_makes_what_the_model_cannot_and_says_so()
    {
        await using var easel = await Easel.SetUpAsync(options =>
            (options.Retries, options.Fallback) = (0, ModelFallback.Embedded));
        easel.Model.Next(PretendModel.Images, PretendModel.Picture(Pictures.Png()), PretendModel.Fail(500));
        await using var studio = await Studio.StartAsync(easel.Generator, clock: easel.Clock);
        await studio.BeginAsync(Scenes);
        await studio.WaitForAsync("generation-completed");

        var state = (await studio.GetAsync()).State;
        state.Scenes.Select(scene => scene.Picture.MediaType)
            .ShouldBe(["image/png", "image/svg+xml", "image/png", "image/png"]);
        var fallback = state.Fallbacks.ShouldHaveSingleItem();
        (fallback.Piece, fallback.Scene, fallback.Revision).ShouldBe((PieceKind.Picture, 2, 1));
        fallback.Reason.ShouldContain("(500)");
        var told = (await studio.EventsAsync()).Where(each => each.Type == "piece-fell-back").ShouldHaveSingleItem();
        told.Data<PieceFellBack>().ShouldBe(new PieceFellBack(1, PieceKind.Picture, 2, 1, fallback.Reason));

        await studio.FinishAsync(new RegenerateScene(2));
        state = (await studio.GetAsync()).State;
        (state.Fallbacks.Count, state.Scenes[1].Picture.MediaType).ShouldBe((0, "image/png"));
    }

    [Fact]
    public async Task With_the_fallback_a_storyboard_can_be_made_though_no_server_answers()
    {
        await using var easel = await Easel.SetUpAsync(options =>
            (options.Retries, options.Fallback) = (0, ModelFallback.Embedded));
        await easel.Model.DisposeAsync();
        await using var studio = await Studio.StartAsync(easel.Generator, clock: easel.Clock);
        await studio.BeginAsync(Scenes);
        await studio.WaitForAsync("generation-completed");

        var state = (await studio.GetAsync()).State;
        state.Fallbacks.Count.ShouldBe(2 + (2 * Scenes));
        state.Fallbacks.Select(fallback => fallback.Piece).Distinct()
            .ShouldBe([PieceKind.Analysis, PieceKind.Plan, PieceKind.Text, PieceKind.Picture]);
        string.Concat(state.Scenes.Select(scene => scene.Excerpt)).ShouldBe(Stories.Short);
        state.Usage.ShouldBe(new Usage(Calls: 2 + (2 * Scenes)));
    }

    [Theory]
    [InlineData((TextCalls - 1) * TokensACall, 3)]
    [InlineData(((TextCalls - 1) * TokensACall) + 1, Scenes)]
    public async Task No_text_call_begins_once_the_tokens_are_used_up(int maxTokens, int scenes)
    {
        await using var easel = await Easel.SetUpAsync(options => options.MaxTokens = maxTokens);
        await RunAsync(easel, scenes, "500 tokens of 500");
    }

    [Fact]
    public async Task With_the_fallback_an_exhausted_budget_ends_no_storyboard()
    {
        await using var easel = await Easel.SetUpAsync(options => (options.MaxTokens, options.Fallback) =
            ((TextCalls - 1) * TokensACall, ModelFallback.Embedded));
        await RunAsync(easel, Scenes, "");

        easel.Model.Count(PretendModel.Chat).ShouldBe(TextCalls - 1);
        easel.Log.Lines.ShouldContain(line => line.Contains("text of scene 4") && line.Contains("budget is reached"));
    }

    [Theory]
    [InlineData(0.1599, 3)]
    [InlineData(0.16, Scenes)]
    public async Task No_picture_is_drawn_that_would_cost_more_than_the_session_may(double maxCost, int scenes)
    {
        await using var easel = await Easel.SetUpAsync(options =>
            (options.MaxCost, options.PicturePrice) = ((decimal)maxCost, 0.04m));
        await RunAsync(easel, scenes, "has cost 0.12 of 0.1599, and a picture costs 0.04");
    }

    [Fact]
    public async Task What_a_session_has_cost_counts_after_a_restart_too()
    {
        await using var easel = await Easel.SetUpAsync(options => (options.MaxCost, options.PicturePrice) =
            (0.10m, 0.04m));
        var store = new MemoryStore();
        await using (var studio = await Studio.StartAsync(easel.Generator, store, easel.Clock))
        {
            await studio.BeginAsync(Scenes);
            await studio.WaitForAsync("generation-failed");
        }

        var asked = easel.Model.Requests.Count;
        using (var same = easel.Another(options => (options.MaxCost, options.PicturePrice) = (0.10m, 0.04m)))
        await using (var studio = await Studio.StartAsync(same, store, easel.Clock))
        {
            var last = (await studio.GetAsync()).LastEvent;
            await studio.SendAsync(new Retry());
            var again = (await studio.WaitForAsync("generation-failed", last)).Data<GenerationFailed>();
            again.Error.ShouldContain("has cost 0.08 of 0.1");
            easel.Model.Requests.Count.ShouldBe(asked);
        }

        using var richer = easel.Another(options => (options.MaxCost, options.PicturePrice) = (0.16m, 0.04m));
        await using var later = await Studio.StartAsync(richer, store, easel.Clock);
        await later.FinishAsync(new Retry());
        (await later.GetAsync()).State.Usage.ShouldBe(WholeRun with { Cost = 0.16m });
    }

    [Fact]
    public async Task What_was_paid_in_vain_is_counted_with_the_failure()
    {
        await using var easel = await Easel.SetUpAsync(Priced);
        easel.Model.Next(PretendModel.Chat, PretendModel.AnswerWell);
        easel.Model.Always(PretendModel.Chat, PretendModel.Say("""{"starts":[]}"""));
        await using var studio = await Studio.StartAsync(easel.Generator, clock: easel.Clock);
        await studio.BeginAsync(Scenes);

        var failed = (await studio.WaitForAsync("generation-failed")).Data<GenerationFailed>();

        failed.Error.ShouldContain("does not say where 4 scenes begin");
        failed.Usage.ShouldBe(new Usage(4, 280, 120, 0, 0.00148m));
        (await studio.GetAsync()).State.Usage.ShouldBe(failed.Usage);
    }

    /// <summary>Runs a generation to its end, which is a failure if not all scenes are to be made.</summary>
    private static async Task RunAsync(Easel easel, int scenes, string says)
    {
        await using var studio = await Studio.StartAsync(easel.Generator, clock: easel.Clock);
        await studio.BeginAsync(Scenes);
        await studio.WaitForAsync(scenes == Scenes ? "generation-completed" : "generation-failed");

        var state = (await studio.GetAsync()).State;
        state.Scenes.Count.ShouldBe(scenes);
        if (scenes < Scenes)
        {
            state.Error.ShouldNotBeNull().ShouldContain(says);
            state.Error.ShouldStartWith("The budget is reached");
        }
    }

    private static async Task ArrivalAtAsync(Easel easel, string path)
    {
        while ((await easel.Model.ArrivalAsync()).Path != path)
        {
        }
    }
}
