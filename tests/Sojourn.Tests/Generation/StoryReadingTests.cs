using Sojourn.Kinds.Generation;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Tests.Generation;

public sealed class StoryReadingTests
{
    private const string Story =
        "Captain Mara Voss sailed into Saltmere before the storm. \"We are late,\" said Tobias.\n\n"
        + "Mara laughed. Nobody in Saltmere had seen Mr. Finch since the winter. Tobias knew why.\n\n"
        + "When they reached Gull Island, the old keeper waved from the lighthouse. The keeper had a lantern and a "
        + "secret. "
        + "\"Think,\" said Mara. \"Think of the journey home.\"";

    private static readonly StoryReading Reading = StoryReading.Of(Story);

    [Fact]
    public void People_are_told_from_places()
    {
        var analysis = Reading.ToAnalysis();

        analysis.Characters.ShouldBe(["Mara", "Tobias", "Mr. Finch", "the keeper"]);
        analysis.Places.Take(2).ShouldBe(["Saltmere", "Gull Island"]);
        analysis.Places.ShouldContain("the lighthouse");
    }

    [Fact]
    public void Words_sentences_and_paragraphs_are_counted()
    {
        var analysis = Reading.ToAnalysis();

        analysis.Words.ShouldBe(Story.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length);
        analysis.Paragraphs.ShouldBe(3);
        analysis.Sentences.ShouldBe(9);
        analysis.Themes.ShouldContain("mystery");
        analysis.Themes.ShouldContain("adventure");
    }

    [Theory]
    [InlineData(49, 2)]
    [InlineData(50, 3)]
    [InlineData(150, 4)]
    [InlineData(300, 6)]
    [InlineData(500, 6)]
    [InlineData(800, 10)]
    [InlineData(9_000, 20)]
    public void Longer_stories_want_more_scenes_up_to_twenty(int words, int scenes) =>
        StoryReading.Of(string.Concat(Enumerable.Repeat("word ", words))).ToAnalysis().EstimatedScenes.ShouldBe(scenes);

    [Fact]
    public void Lists_of_names_have_their_limits()
    {
        var crowd = string.Concat("Abel Beth Cain Dora Egon Fred Gina Hans Inge Jork Karl Lena".Split(' ')
            .Select(name => $"Then {name} spoke, and we heard {name}. They went into Old{name} and near Old{name}. "));

        var analysis = StoryReading.Of(crowd).ToAnalysis();

        analysis.Characters.Count.ShouldBe(10);
        analysis.Places.Count.ShouldBe(8);
    }

    [Fact]
    public async Task A_prompt_names_the_people_and_the_place_of_its_scene()
    {
        var texts = await WriteAllAsync(3);

        texts[0].ImagePrompt.ShouldStartWith("Establishing wide shot of Mara and Tobias, at Saltmere.");
        texts[1].ImagePrompt.ShouldContain("Mr. Finch");
        texts[2].ImagePrompt.ShouldContain("Gull Island");
        texts[2].ImagePrompt.ShouldContain("the keeper");
        texts.ShouldAllBe(text =>
            text.ImagePrompt.Length <= 600 && text.ImagePrompt.EndsWith("teal and orange grade."));
        texts.ShouldAllBe(text => text.Title.Length <= 50 && !text.Title.StartsWith("Scene"));
    }

    [Fact]
    public async Task Whoever_is_only_called_she_is_the_one_last_named()
    {
        const string story = "Mara walked to the harbour with Tobias.\n\nShe sat down there and looked at the water.";

        var texts = await WriteAllAsync(2, story);

        texts[1].ImagePrompt.ShouldContain("Mara");
    }

    [Fact]
    public async Task Even_a_story_that_repeats_itself_gives_each_scene_its_own_title()
    {
        var texts = await WriteAllAsync(20, string.Concat(Enumerable.Repeat("Rain fell on the roof.\n\n", 40)).Trim());

        texts.Select(text => text.Title).ShouldBeUnique();
    }

    [Fact]
    public async Task A_word_that_prompts_must_not_have_is_put_more_mildly()
    {
        var texts = await WriteAllAsync(1, "A nude statue stood in the park, and everybody laughed.");

        texts[0].ImagePrompt.ShouldContain("bare statue");
    }

    [Fact]
    public async Task Another_revision_is_seen_in_another_way()
    {
        var first = await WriteAllAsync(3);
        var second = await WriteAllAsync(3, revision: 2);

        second[1].ImagePrompt.ShouldNotBe(first[1].ImagePrompt);
    }

    [Fact]
    public async Task Words_without_end_do_not_break_the_limits()
    {
        var endless = string.Join(' ', Enumerable.Repeat("Mara" + new string('x', 3_000), 6));

        foreach (var text in await WriteAllAsync(3, endless))
        {
            SceneRules.Check(text.Title, text.Description, text.ImagePrompt).ShouldBeNull();
            text.ImagePrompt.Length.ShouldBeLessThanOrEqualTo(600);
        }
    }

    private static async Task<IReadOnlyList<SceneText>> WriteAllAsync(int scenes, string story = Story,
        int revision = 1)
    {
        var generator = new EmbeddedGenerator();
        var request = new StartGeneration(story, NumScenes: scenes);
        var analysis = await generator.AnalyseAsync(request, CancellationToken.None);
        var plan = await generator.PlanAsync(request, analysis, CancellationToken.None);
        var texts = new List<SceneText>();
        for (var number = 1; number <= scenes; number++)
        {
            texts.Add(await generator.WriteAsync(
                new SceneBrief(request, analysis, plan, number, revision), CancellationToken.None));
        }

        return texts;
    }
}
