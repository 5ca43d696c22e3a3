namespace Sojourn.Kinds.Generation;

/// <summary>What the words of a scene must be like, whether a person or a generator wrote them.</summary>
internal static class SceneRules
{
    public const int MaxTitle = 200;
    public const int MinText = 10;
    public const int MaxText = 4_000;

    private static readonly RefusedWords Refused = new(
        ("explicit content", ["explicit", "nude"]),
        ("violence", ["violence", "gore"]));

    /// <summary>The first thing that is wrong; null if nothing is. Texts that are null are not looked at.</summary>
    public static Fault? Check(string? title, string? description, string? imagePrompt) =>
        CheckLength("title", title, 1, MaxTitle)
        ?? CheckLength("description", description, MinText, MaxText)
        ?? CheckLength("imagePrompt", imagePrompt, MinText, MaxText)
        ?? CheckPrompt(imagePrompt);

    private static Fault? CheckLength(string field, string? text, int least, int most)
    {
        if (text is null || (text.Length >= least && text.Length <= most))
        {
            return null;
        }

        var code = text.Length < least ? "too-short" : "too-long";
        return new Fault(field, code, $"{field} must have {least} to {StoryRules.Figure(most)} characters; "
            + $"it has {StoryRules.Figure(text.Length)}.");
    }

    private static Fault? CheckPrompt(string? prompt) =>
        prompt is not null && Refused.FindIn(prompt) is var (word, family)
            ? new Fault("imagePrompt", "prompt-refused-word",
                $"The image prompt contains the word '{word}', which is refused as {family}. Put it another way.")
            : null;
}
