using System.Globalization;
using System.Text;
using Sojourn.Kinds.Generation.Panels;

namespace Sojourn.Kinds.Generation;

/// <summary>
/// A storyboard as one HTML page that needs nothing else: styles and pictures are in it, it runs no script and fetches
/// nothing. It follows the reader's light or dark preference, fits a phone, and prints without cutting a scene
/// in two.
/// </summary>
public static class StoryboardPage
{
    /// <summary>Writes the page. Only finished scenes are in it; if some are missing, it says so.</summary>
    /// <exception cref="SojournException">The store does not have a picture that it should have.</exception>
    public static async Task<string> RenderAsync(StoryboardSource source, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(source);

        var generation = source.Generation;
        var html = new StringBuilder();
        html.Append(Head(TitleOf(generation)));
        html.Append("<header><p class=\"kind\">Storyboard</p><h1>").Append(Svg.Escape(TitleOf(generation)))
            .Append("</h1>\n");
        html.Append("<p class=\"facts\">").Append(Svg.Escape(FactsOf(source))).Append("</p>\n");
        if (source.Shortfall is { } shortfall)
        {
            html.Append("<p class=\"notice\" role=\"status\">").Append(Svg.Escape(shortfall)).Append("</p>\n");
        }

        html.Append("</header>\n<main>\n");
        foreach (var scene in generation.Scenes)
        {
            AppendScene(html, scene, await source.PictureOfAsync(scene, stop));
        }

        html.Append("</main>\n<footer>Made with Sojourn · ").Append(Svg.Escape(source.Key.Id.ToString()));
        return html.Append("</footer>\n</body>\n</html>\n").ToString();
    }

    /// <summary>A story's first line, if it looks like a heading; else who and what it is about.</summary>
    private static string TitleOf(Generation generation)
    {
        var story = generation.Request.StoryText;
        var line = story.AsSpan(0, Math.Max(0, story.IndexOfAny(['\r', '\n']))).Trim();
        return line.Length is > 0 and <= 80 && !line.EndsWith('.') ? line.ToString()
            : generation.Scenes is [var first, ..] ? first.Title : "A story";
    }

    private static string FactsOf(StoryboardSource source)
    {
        var generation = source.Generation;
        var words = generation.Analysis is { } found ? $"{StoryRules.Figure(found.Words)} words · " : "";
        var style = generation.Request.MediaType.ToString().ToLowerInvariant();
        var at = source.At.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return $"{words}{generation.Scenes.Count} scenes · {style} · {at}";
    }

    private static void AppendScene(StringBuilder html, Scene scene, ReadOnlyMemory<byte> picture)
    {
        var data = Convert.ToBase64String(picture.Span);
        var approved = scene.IsApproved ? " <span class=\"mark\">approved</span>" : "";
        var stale = scene.PictureIsStale ? " <span class=\"mark stale\">picture older than its prompt</span>" : "";
        html.Append(CultureInfo.InvariantCulture, $"<article id=\"scene-{scene.Number}\">\n")
            .Append(CultureInfo.InvariantCulture,
                $"<img src=\"data:{Svg.Escape(scene.Picture.MediaType)};base64,{data}\" ")
            .Append(CultureInfo.InvariantCulture,
                $"alt=\"Scene {scene.Number}: {Svg.Escape(scene.Title)}\" width=\"960\" height=\"540\">\n")
            .Append(CultureInfo.InvariantCulture,
                $"<h2><b>{scene.Number}</b> {Svg.Escape(scene.Title)}{approved}{stale}</h2>\n")
            .Append(CultureInfo.InvariantCulture, $"<p>{Svg.Escape(scene.Description)}</p>\n")
            .Append(CultureInfo.InvariantCulture,
                $"<details><summary>Image prompt</summary><p>{Svg.Escape(scene.ImagePrompt)}</p></details>\n")
            .Append(CultureInfo.InvariantCulture,
                $"<details><summary>The story here</summary><p "
                    + $"class=\"excerpt\">{Svg.Escape(scene.Excerpt.Trim())}</p></details>\n")
            .Append("</article>\n");
    }

    private static string Head(string title) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;
          style-src 'unsafe-inline'">
        <title>{{Svg.Escape(title)}} – storyboard</title>
        <style>
        :root { color-scheme: light dark; --page: #f4efe5; --card: #fffdf8; --ink: #1d2a30; --soft: #5a686e;
          --line: #ddd4c3; --warm: #b4531f; --good: #2f6d3c; }
        @media (prefers-color-scheme: dark) { :root { --page: #12181b; --card: #1b2327; --ink: #e9e4d8;
          --soft: #9fabb0; --line: #2e393e; --warm: #f0975a; --good: #7cc48a; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.55 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
        header, footer { max-width: 1180px; margin: 0 auto; padding: 2.2rem 1.2rem 0.6rem; }
        h1 { margin: 0; font: 700 clamp(1.6rem, 5vw, 2.6rem)/1.15 Georgia, "DejaVu Serif", serif; }
        .kind { margin: 0 0 .2rem; color: var(--warm); font-weight: 700; letter-spacing: .12em;
          text-transform: uppercase; font-size: .78rem; }
        .facts, footer { color: var(--soft); font-size: .92rem; }
        .notice { border-left: 4px solid var(--warm); background: var(--card);
          padding: .7rem 1rem; border-radius: 4px; }
        main { max-width: 1180px; margin: 0 auto; padding: .6rem 1.2rem; display: grid; gap: 1.4rem;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); align-items: start; }
        article { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
          padding: .9rem 1rem 1rem; }
        img { display: block; width: 100%; height: auto; border-radius: 5px; }
        h2 { margin: .8rem 0 .3rem; font: 700 1.22rem/1.25 Georgia, "DejaVu Serif", serif; }
        h2 b { display: inline-block; min-width: 1.7em; padding: .1em .3em; margin-right: .25em; border-radius: 1em;
          background: var(--ink); color: var(--card); text-align: center; font: 700 .8em system-ui, sans-serif; }
        .mark { font: 600 .68rem system-ui, sans-serif; padding: .15em .6em; border: 1px solid currentColor;
          border-radius: 1em; color: var(--good); vertical-align: middle;
          display: inline-block; }
        .stale { color: var(--warm); }
        p { margin: .3rem 0 .6rem; }
        summary { cursor: pointer; color: var(--soft); font-size: .88rem; }
        details p { color: var(--soft); font-size: .92rem; }
        .excerpt { white-space: pre-wrap; font-family: Georgia, "DejaVu Serif", serif; }
        @page { margin: 14mm; }
        @media print {
          :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #333; --line: #bbb;
            --warm: #b4531f; --good: #2f6d3c; }
          header, footer { padding-left: 0; padding-right: 0; } header { padding-top: 0; }
          main { display: block; padding: 0; }
          article { break-inside: avoid; margin: 0 0 6mm; border: 0; padding: 0; }
          body { font-size: 10pt; } h1 { font-size: 18pt; } h2 { font-size: 12pt; margin-top: 2mm; }
          /* Printers leave backgrounds out, and white digits with them. */
          h2 b { background: none; color: var(--ink); border: 1px solid var(--ink); }
          img { max-height: 84mm; width: auto; max-width: 100%; }
          details { display: none; }
        }
        </style>
        </head>
        <body>

        """;
}
