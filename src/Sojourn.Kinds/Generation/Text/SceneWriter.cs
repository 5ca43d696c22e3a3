using System.Text;

namespace Sojourn.Kinds.Generation.Text;

/// <summary>Writes a scene's title, description and image prompt out of the story's own words.</summary>
internal static class SceneWriter
{
    private const int MaxDescription = 420;
    private const int MaxAction = 240;
    private const int MaxPrompt = 600;

    public static SceneText Write(SceneBrief brief)
    {
        var reading = StoryReading.Of(brief.Request.StoryText);
        var scenes = SceneFacts.Of(reading, brief.Plan);
        var facts = scenes[brief.Number - 1];
        var salience = new Salience(reading);

        var title = new Titles(scenes).Of(brief.Number, brief.Revision);
        var description = salience.Summarise(facts.Excerpt, sentences: 3, MaxDescription);
        if (description.Length < SceneRules.MinText)
        {
            description = $"The story goes on: {description}";
        }

        var prompt = Prompt(facts, ShotOf(scenes, brief), salience, brief.Request.MediaType);
        return new SceneText(title, description, prompt);
    }

    /// <summary>The words that set the look, at the end of each prompt.</summary>
    public static string StyleOf(MediaType mediaType) => mediaType switch
    {
        MediaType.Cartoon => "Cartoon illustration, bold outlines, flat bright colours, lively shapes.",
        MediaType.Realistic => "Realistic photograph, natural light, muted colours, fine detail.",
        _ => "Cinematic film still, anamorphic framing, dramatic light, teal and orange grade.",
    };

    private static Shot ShotOf(IReadOnlyList<SceneFacts> scenes, SceneBrief brief)
    {
        Shot? previous = null;
        foreach (var scene in scenes.Take(brief.Number - 1))
        {
            previous = Shots.Choose(scene, previous, revision: 1);
        }

        return Shots.Choose(scenes[brief.Number - 1], previous, brief.Revision);
    }

    private static string Prompt(SceneFacts facts, Shot shot, Salience salience, MediaType mediaType)
    {
        var prompt = new StringBuilder(Shots.Label(shot));
        if (facts.People.Count > 0)
        {
            prompt.Append(" of ").Append(Prose.List(facts.People));
        }

        if (facts.Place is { } place)
        {
            prompt.Append(facts.People.Count > 0 ? ", " : " of ")
                .Append(facts.People.Count > 0 ? $"at {place}" : place);
        }

        // The drawer reads this line first, so that a person can change the scene by changing it.
        var setting = $"Setting: {facts.Setting.ToString().ToLowerInvariant()}, {Settings.Name(facts.Hour)}, "
            + $"{Settings.Name(facts.Weather)}.";
        var mood = facts.Mood is null ? "" : $" Mood: {facts.Mood}.";
        var ending = $" {setting}{mood} {StyleOf(mediaType)}";

        var room = Math.Min(MaxAction, MaxPrompt - prompt.Length - ending.Length - 3);
        var action = room < 20 ? "" : salience.Summarise(facts.Excerpt, sentences: 2, room);
        prompt.Append(". ").Append(action);
        prompt.Append(action.Length == 0 || ".!?…\"”".Contains(action[^1]) ? "" : ".").Append(ending);
        return Mild(prompt.ToString());
    }

    /// <summary>A story may say a word that a prompt must not.</summary>
    private static string Mild(string prompt)
    {
        foreach (var (harsh, mild) in (ReadOnlySpan<(string, string)>)
            [("nude", "bare"), ("explicit", "plain"), ("violence", "struggle"), ("gore", "ruin")])
        {
            var at = 0;
            while ((at = prompt.IndexOf(harsh, at, StringComparison.OrdinalIgnoreCase)) >= 0)
            {
                var end = at + harsh.Length;
                var isWord = (at == 0 || !char.IsLetter(prompt[at - 1]))
                    && (end == prompt.Length || !char.IsLetter(prompt[end]));
                prompt = isWord ? string.Concat(prompt.AsSpan(0, at), mild, prompt.AsSpan(end)) : prompt;
                at += isWord ? mild.Length : harsh.Length;
            }
        }

        return prompt;
    }
}
