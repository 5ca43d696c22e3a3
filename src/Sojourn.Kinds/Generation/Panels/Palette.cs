using Sojourn.Kinds.Generation.Text;

namespace Sojourn.Kinds.Generation.Panels;

/// <summary>The colours of one panel: set by the style and the hour, dulled by the weather.</summary>
internal sealed record Palette
{
    public required Colour SkyTop { get; init; }

    public required Colour SkyLow { get; init; }

    /// <summary>Layers from the horizon towards us.</summary>
    public required Colour Far { get; init; }

    public required Colour Mid { get; init; }

    public required Colour Near { get; init; }

    public required Colour Ground { get; init; }

    public required Colour Water { get; init; }

    /// <summary>Sun, moon, lamps and windows.</summary>
    public required Colour Light { get; init; }

    public required Colour Lamp { get; init; }

    /// <summary>What figures darken towards, and by how much of it.</summary>
    public required Colour Shade { get; init; }

    public required double Shading { get; init; }

    /// <summary>Drawn round everything in a cartoon; null elsewhere.</summary>
    public Colour? Ink { get; init; }

    public bool IsCartoon => Ink is not null;

    /// <summary>A thing's own colour in this light.</summary>
    public Colour Toned(Colour colour) => colour.Mix(Shade, Shading);

    /// <summary>An outline for whatever stands out, as SVG attributes.</summary>
    public string Outline(double width) => Ink is { } ink
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $" stroke=\"{ink}\" stroke-width=\"{width:0.#}\" stroke-linejoin=\"round\"")
        : "";

    public static Palette For(MediaType style, Hour hour, Weather weather, Setting setting)
    {
        var clear = Clear(style, setting == Setting.Space ? Hour.Night : hour);
        Colour grey = hour == Hour.Night ? "#26323c" : style == MediaType.Cartoon ? "#a8bccb" : "#8d989c";
        var share = weather switch
        {
            Weather.Fog => 0.5,
            Weather.Rain => 0.4,
            Weather.Storm => 0.55,
            Weather.Snow => 0.3,
            _ => 0,
        };
        var dulled = clear with
        {
            SkyTop = clear.SkyTop.Mix(weather == Weather.Storm ? grey.Darker(0.45) : grey, share),
            SkyLow = clear.SkyLow.Mix(grey, share * 0.8),
            Far = clear.Far.Mix(grey, share * 0.8),
            Mid = clear.Mid.Mix(grey, share * 0.5),
        };
        return weather == Weather.Snow
            ? dulled with
            {
                Ground = dulled.Ground.Mix("#e8f1f6", hour == Hour.Night ? 0.45 : 0.75),
                Near = dulled.Near.Mix("#e8f1f6", hour == Hour.Night ? 0.15 : 0.3),
            }
            : dulled;
    }

    private static Palette Clear(MediaType style, Hour hour) => (style, hour) switch
    {
        (MediaType.Cartoon, Hour.Night) =>
            Cartoon("#1b2260", "#4f5fc4", "#3b4aa0", "#2c3a86", "#22306f", "#2a4a7c", "#2f56b0", "#fff3b0"),
        (MediaType.Cartoon, Hour.Dusk) =>
            Cartoon("#6a48c8", "#ff9c6b", "#a566b8", "#7a4f9e", "#5a3c86", "#7c5a8e", "#8a62c8", "#ffd24a"),
        (MediaType.Cartoon, Hour.Dawn) =>
            Cartoon("#ff9db5", "#fff0b8", "#b8d8c0", "#86c69a", "#58aa78", "#8ccf86", "#86c8e8", "#fff2a0"),
        (MediaType.Cartoon, _) =>
            Cartoon("#38b6ff", "#d4f3ff", "#9fdcb4", "#62c37a", "#35a25a", "#7ed056", "#2fa4e0", "#ffe14d"),
        (MediaType.Realistic, Hour.Night) =>
            Realistic("#10161f", "#37475a", "#2d3a49", "#232e3a", "#182029", "#2a3138", "#263442", "#e3e8ea", 0.62),
        (MediaType.Realistic, Hour.Dusk) =>
            Realistic("#5e6c86", "#e0b394", "#84808c", "#655f68", "#453f45", "#5f564f", "#74798a", "#ffe2b8", 0.42),
        (MediaType.Realistic, Hour.Dawn) =>
            Realistic("#9db0c4", "#f1dcc6", "#aeb4b6", "#8c958f", "#656f64", "#85876f", "#a3b1ba", "#fff3d8", 0.3),
        (MediaType.Realistic, _) =>
            Realistic("#86a8c4", "#e4ebe8", "#a3b3b4", "#7c9080", "#56684f", "#7d8462", "#7797a6", "#fff9e6", 0.22),
        (_, Hour.Night) =>
            Cinematic("#030d18", "#17506a", "#123f55", "#0c2c3d", "#071c28", "#0c2733", "#0d3444", "#dff4ff", 0.66),
        (_, Hour.Dusk) =>
            Cinematic("#12283f", "#f58a45", "#7a4b4c", "#47343f", "#231f2b", "#3a2a30", "#5f4a55", "#ffd9a0", 0.6),
        (_, Hour.Dawn) =>
            Cinematic("#24506e", "#ffc48c", "#6f8a90", "#43656f", "#223f49", "#3a5557", "#5c8794", "#ffe9c4", 0.5),
        _ => Cinematic("#1f6f8b", "#f7d3a0", "#6b9aa0", "#3b7078", "#1d4852", "#3d6560", "#2f7f90", "#fff0cf", 0.42),
    };

    private static Palette Cinematic(
        Colour top, Colour low, Colour far, Colour mid, Colour near, Colour ground, Colour water, Colour light,
            double shading) => new()
            {
                SkyTop = top,
                SkyLow = low,
                Far = far,
                Mid = mid,
                Near = near,
                Ground = ground,
                Water = water,
                Light = light,
                Lamp = "#ffab4f",
                Shade = "#06141c",
                Shading = shading,
            };

    private static Palette Realistic(
        Colour top, Colour low, Colour far, Colour mid, Colour near, Colour ground, Colour water, Colour light,
            double shading) =>
        Cinematic(top, low, far, mid, near, ground, water, light, shading) with { Lamp = "#ffd9a0", Shade = "#22262a" };

    private static Palette Cartoon(
        Colour top, Colour low, Colour far, Colour mid, Colour near, Colour ground, Colour water, Colour light) =>
        Cinematic(top, low, far, mid, near, ground, water, light, 0.05) with
        {
            Lamp = "#ffc93c",
            Shade = "#2b2350",
            Ink = "#241c3a"
        };
}
