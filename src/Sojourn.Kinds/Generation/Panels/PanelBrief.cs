using System.Text;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>
/// What a panel is to show, read from the scene's prompt alone: so a prompt that a person has edited draws another
/// picture.
/// </summary>
internal sealed record PanelBrief
{
    private const int MostFigures = 4;

    public required int Number { get; init; }

    public required string Title { get; init; }

    public required string Caption { get; init; }

    public required MediaType Style { get; init; }

    public required Shot Shot { get; init; }

    public required Setting Setting { get; init; }

    public required Hour Hour { get; init; }

    public required Weather Weather { get; init; }

    public required IReadOnlyList<string> People { get; init; }

    /// <summary>The prompt's words, in lower case: what else is to be seen.</summary>
    public required IReadOnlySet<string> Words { get; init; }

    /// <summary>Everything that chance decides follows from this.</summary>
    public required ulong Seed { get; init; }

    public static PanelBrief Read(SceneBrief scene, SceneText text)
    {
        var prompt = text.ImagePrompt;
        var style = scene.Request.MediaType;
        string[] words = [.. Text.Words.Of(Visible(prompt)).Select(word => word.Plain)];
        string[] set = [.. Text.Words.Of(SettingLine(prompt)).Select(word => word.Plain)];
        return new PanelBrief
        {
            Number = scene.Number,
            Title = text.Title,
            Caption = text.Description,
            Style = style,
            Shot = Shots.In(prompt),
            Setting = Named<Setting>(set) ?? Settings.MostFrequent(Settings.Places, [.. set, .. words])
                ?? Setting.Plain,
            Hour = Settings.MostFrequent(Settings.Hours, set) ?? Named<Hour>(set)
                ?? Settings.MostFrequent(Settings.Hours, words) ?? Hour.Day,
            Weather = Settings.MostFrequent(Settings.Weathers, [.. set, .. set, .. words]) ?? Weather.Clear,
            People = PeopleIn(scene.Analysis, prompt, words),
            Words = words.ToHashSet(StringComparer.Ordinal),
            Seed = Hash($"{scene.Number}/{scene.Revision}/{style}/{prompt}"),
        };
    }

    /// <summary>A number that stands for a text: the same everywhere, today and tomorrow (FNV-1a, 64 bits).</summary>
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        return hash;
    }

    private static IReadOnlyList<string> PeopleIn(StoryAnalysis analysis, string prompt, string[] words)
    {
        var known = analysis.Characters.Where(name => SceneFacts.CountOf(prompt, name) > 0)
            .OrderBy(name => prompt.IndexOf(name, StringComparison.Ordinal)).ToList();
        // A prompt written by hand may well name somebody new: "a fox at the gate".
        var roles = words.Distinct().Where(word => Lexicon.Roles.Contains(word))
            .Select(role => "the " + role)
            .Where(role =>
                !known.Contains(role)
                    && !known.Any(name => name.EndsWith(role[4..], StringComparison.OrdinalIgnoreCase)));
        return [.. known.Concat(known.Count == 0 ? roles : roles.Where(Creature.IsCalled)).Take(MostFigures)];
    }

    /// <summary>What stands behind "Setting:", up to the full stop; empty without it.</summary>
    private static string SettingLine(string prompt)
    {
        const string mark = "Setting:";
        var at = prompt.LastIndexOf(mark, StringComparison.OrdinalIgnoreCase);
        var end = at < 0 ? -1 : prompt.IndexOf('.', at);
        return at < 0 ? "" : end < 0 ? prompt[(at + mark.Length)..] : prompt[(at + mark.Length)..end];
    }

    /// <summary>Without the phrase that sets the style, whose words ("light", "still") show nothing.</summary>
    private static string Visible(string prompt)
    {
        foreach (var style in Enum.GetValues<MediaType>())
        {
            prompt = prompt.Replace(SceneWriter.StyleOf(style), "", StringComparison.Ordinal);
        }

        return prompt;
    }

    private static T? Named<T>(string[] words)
        where T : struct, Enum => words
            .Select(word =>
                Enum.TryParse<T>(word, ignoreCase: true, out var value) && !char.IsDigit(word[0]) ? value : (T?)null)
            .FirstOrDefault(value => value is not null);
}
