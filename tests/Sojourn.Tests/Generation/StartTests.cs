using Sojourn.Kinds.Generation;

namespace Sojourn.Tests.Generation;

public sealed class StartTests
{
    private readonly Desk _desk = new();

    [Theory]
    [InlineData(9, "story-too-short")]
    [InlineData(10, null)]
    [InlineData(50_000, null)]
    [InlineData(50_001, "story-too-long")]
    public void A_story_has_10_to_50_000_characters(int characters, string? code) =>
        _desk.Start(new StartGeneration(Stories.Of(characters), NumScenes: 1))?.Code.ShouldBe(code);

    [Theory]
    [InlineData(9)]
    [InlineData(50_001)]
    public void A_story_outside_of_that_changes_nothing(int characters)
    {
        var refusal = _desk.Start(new StartGeneration(Stories.Of(characters)));

        refusal.ShouldNotBeNull().IsInvalid.ShouldBeTrue();
        refusal.Field.ShouldBe("storyText");
        _desk.State.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    [InlineData(null)]
    public void A_blank_story_is_refused(string? story) =>
        _desk.Start(new StartGeneration(story!)).ShouldNotBeNull().Code.ShouldBe("story-blank");

    [Theory]
    [InlineData("Rain fell on London", "story-too-few-words")]
    [InlineData("Rain fell on London today", null)]
    [InlineData("— — — — — — — — — —", "story-too-few-words")]
    [InlineData("从前有一座山山上有一座庙", null)]
    public void A_story_has_at_least_five_words(string story, string? code) =>
        _desk.Start(new StartGeneration(story, NumScenes: 1))?.Code.ShouldBe(code);

    [Theory]
    [InlineData(0, "scenes-out-of-range")]
    [InlineData(1, null)]
    [InlineData(20, null)]
    [InlineData(21, "scenes-out-of-range")]
    [InlineData(int.MinValue, "scenes-out-of-range")]
    public void A_storyboard_has_1_to_20_scenes(int scenes, string? code)
    {
        var refusal = _desk.Start(new StartGeneration(Stories.Of(200), NumScenes: scenes));

        refusal?.Code.ShouldBe(code);
        (refusal is null).ShouldBe(code is null);
    }

    [Theory]
    [InlineData(6, null)]
    [InlineData(7, "more-scenes-than-words")]
    public void Each_scene_needs_a_word_at_least(int scenes, string? code)
    {
        var refusal = _desk.Start(new StartGeneration("Six words are enough for six", NumScenes: scenes));

        refusal?.Code.ShouldBe(code);
        (refusal is null).ShouldBe(code is null);
    }

    [Theory]
    [InlineData("explicit")]
    [InlineData("Adult")]
    [InlineData("NSFW")]
    [InlineData("violence")]
    [InlineData("gore")]
    [InlineData("blood")]
    [InlineData("hate")]
    [InlineData("racist")]
    [InlineData("discrimination")]
    [InlineData("blood-red")]
    public void Some_words_are_refused_and_named(string word)
    {
        var refusal = _desk.Start(new StartGeneration($"There was {word}, in this old story of mine.", NumScenes: 1));

        refusal.ShouldNotBeNull().Code.ShouldBe("story-refused-word");
        refusal.Message.ShouldContain($"'{word.Split('-')[0]}'");
    }

    [Theory]
    [InlineData("bloodhound")]
    [InlineData("adulthood")]
    [InlineData("hated")]
    [InlineData("gorge")]
    [InlineData("explicitly")]
    public void Words_that_only_contain_them_pass(string word) =>
        _desk.Start(new StartGeneration($"There was a {word} in this old story.", NumScenes: 1)).ShouldBeNull();

    [Fact]
    public void An_undefined_media_type_is_refused() =>
        _desk.Start(new StartGeneration(Stories.Short, (MediaType)9)).ShouldNotBeNull().Field.ShouldBe("mediaType");

    [Fact]
    public void Half_a_character_is_refused() =>
        _desk.Start(new StartGeneration("This story ends in half a smile \ud83d", NumScenes: 1))
            .ShouldNotBeNull().Code.ShouldBe("story-not-text");

    [Fact]
    public void A_new_generation_waits_for_its_turn_with_its_story_trimmed()
    {
        _desk.Start(new StartGeneration($"  {Stories.Short}\n ")).ShouldBeNull();

        _desk.Status.ShouldBe("pending");
        _desk.State.Request.ShouldBe(new StartGeneration(Stories.Short, MediaType.Cinematic, 5));
        _desk.State.Progress.ShouldBe(new Progress(0, 7, 0, "Waiting for its turn"));
        _desk.WakeAt.ShouldBeNull();
        _desk.Events.ShouldHaveSingleItem().ShouldBeOfType<GenerationRequested>().NumScenes.ShouldBe(5);
    }

    [Fact]
    public void Each_status_has_its_lifetime()
    {
        var lives = _desk.Policy.Statuses.ToDictionary(status => status.Name, status =>
            status.KeepFor!.Value.TotalHours);

        lives.ShouldBe(new Dictionary<string, double>
        {
            ["pending"] = 24,
            ["processing"] = 24,
            ["downloading"] = 24,
            ["completed"] = 6,
            ["failed"] = 1,
            ["cancelled"] = 1,
        });
    }

    [Fact]
    public void Options_out_of_range_are_all_named_at_once()
    {
        var options = new GenerationOptions
        {
            StuckAfter = TimeSpan.Zero,
            KeepFailedFor = TimeSpan.FromSeconds(59),
            MaxDriven = 0,
            SceneDelay = TimeSpan.FromSeconds(61),
        };

        var message = Should.Throw<SojournException>(() => new GenerationKind(options)).Message;

        foreach (var name in new[] { "StuckAfter", "KeepFailedFor", "MaxDriven", "SceneDelay" })
        {
            message.ShouldContain(name);
        }
    }
}
