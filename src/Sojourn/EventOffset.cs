using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Sojourn;

/// <summary>
/// Where an event stands among all that a session of one name ever had: in which life, and there under which number. As
/// text: 16 hexadecimal digits of when that life began, an underscore, and the number in 16 digits. Offsets sort as
/// text, those of a session that was removed and begun anew after the old one's.
/// </summary>
/// <param name="Life">When the session began: its <see cref="SessionView.CreatedAt"/>, UTC.</param>
/// <param name="Number">The event's number; 0 for the place before the first.</param>
public readonly record struct EventOffset(DateTimeOffset Life, long Number)
{
    private const int Digits = 16;
    private const int Length = Digits + 1 + Digits;

    /// <summary>The offset of a session's newest event.</summary>
    public static EventOffset LastOf(SessionView session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new(session.CreatedAt, session.LastEvent);
    }

    /// <summary>Reads an offset; false if the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EventOffset offset)
    {
        offset = default;
        if (text is not { Length: Length } || text[Digits] != '_'
            || !long.TryParse(
                text.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks)
            || !long.TryParse(
                text.AsSpan(Digits + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        offset = new(new DateTimeOffset(ticks, TimeSpan.Zero), number);
        return true;
    }

    /// <summary>As text.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Life.UtcTicks:x16}_{Number:D16}");
}
