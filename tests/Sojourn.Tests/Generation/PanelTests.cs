using System.Xml.Linq;
using Sojourn.Kinds.Generation;
using Sojourn.Kinds.Generation.Panels;
using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Tests.Generation;

public sealed class PanelTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly string[] Elements =
    [
        "svg", "title", "defs", "clipPath", "filter", "feGaussianBlur", "radialGradient", "linearGradient", "stop",
            "rect", "g",
        "circle", "ellipse", "path", "line", "text", "pattern",
    ];

    [Theory]
    [InlineData(MediaType.Cinematic)]
    [InlineData(MediaType.Cartoon)]
    [InlineData(MediaType.Realistic)]
    public void Every_shot_in_every_place_is_well_formed_and_harmless(MediaType style)
    {
        foreach (var shot in Enum.GetValues<Shot>())
        {
            foreach (var setting in Enum.GetValues<Setting>())
            {
                var hour = (Hour)((int)setting % 4);
                var weather = (Weather)(((int)shot + (int)setting) % 5);

                var panel = XDocument.Parse(Panel.Draw(Brief(shot, setting, hour, weather) with { Style = style }));

                panel.Root!.Attribute("viewBox")!.Value.ShouldBe("0 0 960 540");
                panel.Descendants().ShouldAllBe(element => Elements.Contains(element.Name.LocalName));
                panel.Descendants().Attributes().ShouldAllBe(attribute => IsHarmless(attribute));
                panel.ToString().ShouldNotContain("NaN");
            }
        }
    }

    [Fact]
    public void The_same_brief_gives_the_same_panel_and_another_seed_another()
    {
        var brief = Brief(Shot.Medium, Setting.Forest, Hour.Night, Weather.Rain);

        Panel.Draw(brief).ShouldBe(Panel.Draw(brief));
        Panel.Draw(brief with { Seed = brief.Seed + 1 }).ShouldNotBe(Panel.Draw(brief));
    }

    [Fact]
    public void Hostile_text_stays_text()
    {
        const string hostile = "</text><script>alert('1')</script>\" onload=\"x & <b>\u0000\u0008\ufffe \ud83d";
        var brief = Brief(Shot.CloseUp, Setting.Sea, Hour.Day, Weather.Clear) with
        {
            Title = hostile,
            Caption = hostile,
            People = [hostile, "<script>"],
        };

        var panel = XDocument.Parse(Panel.Draw(brief));

        panel.Descendants().ShouldAllBe(element => Elements.Contains(element.Name.LocalName));
        panel.Descendants().Attributes("onload").ShouldBeEmpty();
        panel.Descendants(Svg + "text").Select(text => text.Value).ShouldContain(text => text.Contains("<script>"));
    }

    [Fact]
    public void A_caption_that_is_too_long_ends_in_an_ellipsis_within_three_lines()
    {
        var panel = XDocument.Parse(Panel.Draw(Brief(Shot.Wide, Setting.Plain, Hour.Day, Weather.Clear) with
        {
            Caption = string.Concat(Enumerable.Repeat("wind and rain ", 300)),
            Title = new string('W', 200),
        }));

        var lines = panel.Descendants(Svg + "text").Where(text => text.Attribute("x")!.Value == "104").ToList();
        lines.Count.ShouldBe(4);
        lines[^1].Value.ShouldEndWith("…");
        lines[0].Value.Length.ShouldBeLessThan(60);
    }

    [Fact]
    public void A_prompt_says_what_is_drawn()
    {
        var plan = new[] { new PlannedScene(1, 0, Stories.Short.Length) };
        var analysis = new StoryAnalysis(9, 1, 1, [], ["Mara", "Tobias"], [], 1, 1);
        var scene = new SceneBrief(new StartGeneration(Stories.Short), analysis, plan, 1, 1);

        var brief = PanelBrief.Read(scene, new SceneText(
            "Title", "A description.",
                "Low-angle shot of Tobias and a fox by the lighthouse. Setting: desert, dusk, snow."));

        brief.Shot.ShouldBe(Shot.LowAngle);
        brief.Setting.ShouldBe(Setting.Desert);
        brief.Hour.ShouldBe(Hour.Dusk);
        brief.Weather.ShouldBe(Weather.Snow);
        brief.People.ShouldBe(["Tobias", "the fox"]);
        brief.Words.ShouldContain("lighthouse");
    }

    private static bool IsHarmless(XAttribute attribute) =>
        !attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        && attribute.Name.LocalName != "href"
        && (!attribute.Value.Contains("url(", StringComparison.Ordinal)
        || attribute.Value.StartsWith("url(#", StringComparison.Ordinal))
        && (attribute.IsNamespaceDeclaration || !attribute.Value.Contains("://", StringComparison.Ordinal));

    private static PanelBrief Brief(Shot shot, Setting setting, Hour hour, Weather weather) => new()
    {
        Number = 3,
        Title = "Mara and the Lamp",
        Caption = "Mara climbs the stairs with a lantern, and Tobias follows.",
        Style = MediaType.Cinematic,
        Shot = shot,
        Setting = setting,
        Hour = hour,
        Weather = weather,
        People = ["Mara", "Old Tobias", "the fox", "the robot"],
        Words = new HashSet<string> { "lighthouse", "boat", "lantern", "hearth" },
        Seed = PanelBrief.Hash($"{shot}/{setting}"),
    };
}
