using FsCheck;
using FsCheck.Fluent;
using Sojourn.Models;
using Sojourn.Tests.Generation;

namespace Sojourn.Tests.Models;

/// <summary>Whatever a model says about where scenes begin, the scenes together are the story.</summary>
public sealed class StoryPiecesTests
{
    // Pieces:     1     2       3          4       5      6       7      8
    private const string Eight = "One. Two two. Three three. Four. Five. Six six. Seven. Eight.";

    [Theory]
    [InlineData("1 3 5 7", "1 3 5 7")]
    [InlineData("7 5 3 1", "1 3 5 7")]
    [InlineData("3 5 7", "1 3 5 7")]
    [InlineData("1 1 3 3 5 7", "1 3 5 7")]
    [InlineData("1 3 5 7 99 -4 0", "1 3 5 7")]
    [InlineData("1 2 3 5 7", "1 3 5 7")]
    [InlineData("1 3 4", "1 3 4 6")]
    public void Small_faults_are_mended(string said, string meant) =>
        Cut(Eight, Numbers(said), 4).ShouldBe(Cut(Eight, Numbers(meant), 4).ShouldNotBeNull());

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 5")]
    [InlineData("9 10 11 12")]
    public void Of_too_little_no_plan_is_made_up(string said) => Cut(Eight, Numbers(said), 4).ShouldBeNull();

    [Fact]
    public void Nor_is_one_of_far_too_much() =>
        StoryPieces.Of(Eight, 3).Cut(Enumerable.Range(1, 8), 3).ShouldBeNull();

    [Fact]
    public void A_story_of_few_sentences_can_be_cut_at_its_words()
    {
        StoryPieces.Of("One, two three, four.", 1).Count.ShouldBe(1);
        StoryPieces.Of("One, two three, four.", 3).Count.ShouldBe(3);
        StoryPieces.Of("One, two three, four.", 4).Numbered().ShouldBe("[1] One,\n[2] two\n[3] three,\n[4] four.\n");
    }

    [Fact]
    public void A_line_of_asterisks_is_no_piece() =>
        StoryPieces.Of("One two.\n\n***\n\nThree four.", 2).Count.ShouldBe(2);

    [Fact]
    public void Whatever_is_said_the_parts_are_the_story()
    {
        var said = Gen.Choose(-2, 12).ListOf().Two().ToArbitrary();
        Prop.ForAll(said, Gen.Choose(1, 8).ToArbitrary(), (numbers, scenes) =>
        {
            foreach (var story in (string[])[Eight, Stories.Short])
            {
                var parts = Cut(story, numbers.Item1.Concat(numbers.Item2), scenes);
                if (parts is not null)
                {
                    parts.Count.ShouldBe(scenes);
                    parts.ShouldAllBe(part => part.Length > 0);
                    string.Concat(parts).ShouldBe(story);
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    private static IEnumerable<int> Numbers(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);

    private static List<string>? Cut(string story, IEnumerable<int> starts, int scenes)
    {
        var plan = StoryPieces.Of(story, scenes).Cut(starts, scenes);
        if (plan is null)
        {
            return null;
        }

        plan.Select(part => part.Number).ShouldBe(Enumerable.Range(1, scenes));
        return [.. plan.Select(part => story.Substring(part.Start, part.Length))];
    }
}
