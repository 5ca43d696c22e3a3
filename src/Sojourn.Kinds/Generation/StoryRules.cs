using System.Globalization;
using System.Text;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation;

/// <summary>What a story must be like to be accepted. A fault names the field, a code, and a sentence.</summary>
internal static class StoryRules
{
    public const int MinCharacters = 10;
    public const int MaxCharacters = 50_000;
    public const int MinWords = 5;
    public const int MaxScenes = 20;

    // Whole words only: a bloodhound is no blood, and adulthood is not adult content.
    private static readonly RefusedWords Refused = new(
        ("adult content", ["explicit", "adult", "nsfw"]),
        ("violence", ["violence", "gore", "blood"]),
        ("hatred", ["hate", "racist", "discrimination"]));

    /// <summary>The first thing that is wrong; null if the story will do. The story must be trimmed already.</summary>
    public static Fault? Check(StartGeneration start) =>
        CheckText(start.StoryText)
        ?? CheckScenes(start)
        ?? (Enum.IsDefined(start.MediaType) ? null : new Fault("mediaType", "unknown-media-type",
            $"The media type must be cinematic, cartoon or realistic; {(int)start.MediaType} is none of them."));

    public static string Figure(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static Fault? CheckText(string story)
    {
        if (story.Length == 0)
        {
            return new Fault("storyText", "story-blank",
                $"The story is blank. Give a text of {MinCharacters} to {Figure(MaxCharacters)} characters.");
        }

        if (story.Length < MinCharacters)
        {
            return new Fault("storyText", "story-too-short",
                $"The story has {story.Length} characters; it needs at least {MinCharacters}.");
        }

        if (story.Length > MaxCharacters)
        {
            return new Fault("storyText", "story-too-long",
                $"The story has {Figure(story.Length)} characters; at most {Figure(MaxCharacters)} are allowed. "
                + "Split it into several generations.");
        }

        if (!IsWellFormed(story))
        {
            return new Fault("storyText", "story-not-text",
                "The story holds half a character (a lone UTF-16 surrogate), so it is not valid text. "
                + "Save it as UTF-8 and send it again.");
        }

        var words = Words.Count(story);
        if (words < MinWords)
        {
            return new Fault("storyText", "story-too-few-words",
                $"The story has {words} words; it needs at least {MinWords}.");
        }

        return Refused.FindIn(story) is var (word, family)
            ? new Fault("storyText", "story-refused-word",
                $"The story contains the word '{word}', which is refused as {family}. Put it another way.")
            : null;
    }

    private static Fault? CheckScenes(StartGeneration start)
    {
        if (start.NumScenes is < 1 or > MaxScenes)
        {
            return new Fault("numScenes", "scenes-out-of-range",
                $"The number of scenes must be 1 to {MaxScenes}; it is {Figure(start.NumScenes)}.");
        }

        var words = Words.Count(start.StoryText);
        return words < start.NumScenes
            ? new Fault("numScenes", "more-scenes-than-words",
                $"A story of {words} words cannot fill {start.NumScenes} scenes; each needs a word at least.")
            : null;
    }

    private static bool IsWellFormed(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }
}

/// <summary>What is wrong with a parameter.</summary>
internal sealed record Fault(string Field, string Code, string Message);
