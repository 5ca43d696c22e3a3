using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>Knows which style the reader of a snapshot writes in, and changes it when another is needed.</summary>
internal sealed class SnapshotPen(StringBuilder text, Tables tables)
{
    private Style _style;

    public void Change(in Style style)
    {
        if (style == _style)
        {
            return;
        }

        if (style.Link != _style.Link)
        {
            var link = tables.LinkOf(style.Link);
            text.Append("\e]8;").Append(link is { Id.Length: > 0 } ? $"id={link.Id}" : "")
                .Append(';').Append(link?.Address).Append('\a');
        }

        RenditionWriter.AppendChange(text, _style, style);
        _style = style;
    }

    /// <summary>A blank background, for what scrolls in.</summary>
    public void ClearBackground()
    {
        if (!_style.Back.IsDefault)
        {
            Change(default);
        }
    }

    /// <summary>Something else changed the style: it is made plain.</summary>
    public void Forget()
    {
        text.Append("\e[m");
        _style = new Style { Link = _style.Link };
        Change(default);
    }
}
