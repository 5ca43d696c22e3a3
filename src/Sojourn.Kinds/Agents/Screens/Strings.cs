using System.Globalization;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>What the operating system commands do: titles, hyperlinks and colours.</summary>
internal static class Strings
{
    /// <summary>A hyperlink's address may be so long, as in other terminals.</summary>
    private const int LongestAddress = 2083;

    private const int LongestId = 250;
    private const int LongestTitle = 4096;

    /// <summary>Whether a command may be a question, and must be read to its end before it is passed on.</summary>
    public static bool MayAsk(int command) => command is 4 or 10 or 11 or 12 or 52;

    /// <summary>Carries a command out, and adds the answers to the questions in it.</summary>
    /// <returns>
    /// Null if it asked nothing. Otherwise what of it is no question, to be passed on in its place: empty, or the
    /// command's text without the rest.
    /// </returns>
    public static string? Run(Display display, int command, string text, List<string> answers)
    {
        switch (command)
        {
            case 0 or 2:
                display.Titles.Current = text.Length > LongestTitle ? text[..LongestTitle] : text;
                return null;
            case 4:
                return SetColours(display.Palette, text, answers);
            case 8:
                SetLink(display, text);
                return null;
            case 10 or 11 or 12:
                return SetSpecials(display.Palette, command - 10, text, answers);
            case 52:
                // Somebody's clipboard is not for programs, and no browser is to be asked.
                return text.EndsWith(";?", StringComparison.Ordinal) ? "" : null;
            case 104:
                RestoreColours(display.Palette, text);
                return null;
            case 110 or 111 or 112:
                display.Palette.RestoreSpecial(command - 110);
                return null;
            default:
                return null;
        }
    }

    private static void SetLink(Display display, string text)
    {
        var end = text.IndexOf(';', StringComparison.Ordinal);
        if (end < 0)
        {
            return;
        }

        var (settings, address) = (text[..end].Trim(), text[(end + 1)..]);
        if (address.Length == 0)
        {
            display.Pen = settings.Length == 0 ? display.Pen with { Link = 0 } : display.Pen;
            return;
        }

        var id = Array.Find(settings.Split(':'), each => each.StartsWith("id=", StringComparison.Ordinal))?[3..] ?? "";
        var isFit = address.Length <= LongestAddress && id.Length <= LongestId;
        display.Pen = display.Pen with { Link = isFit ? display.Tables.NumberOf(new Link(id, address)) : 0 };
    }

    private static string? SetColours(Palette palette, string text, List<string> answers)
    {
        var parts = text.Split(';');
        var settings = new List<string>();
        for (var index = 0; index + 1 < parts.Length; index += 2)
        {
            var (number, colour) = (parts[index], parts[index + 1]);
            var isNumber = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var which)
                && which < Palette.Size;
            if (colour == "?")
            {
                if (isNumber)
                {
                    answers.Add(Format($"4;{which};{Palette.Write(palette[which])}"));
                }

                continue;
            }

            settings.Add($"{number};{colour}");
            if (isNumber && Palette.TryParse(colour, out var value))
            {
                palette.Set(which, value);
            }
        }

        var asked = settings.Count < parts.Length / 2;
        return asked ? Rest("4", settings) : null;
    }

    // Several texts set or ask for the colours that follow; what only asked leaves its place empty.
    private static string? SetSpecials(Palette palette, int first, string text, List<string> answers)
    {
        var parts = text.Split(';');
        var asked = false;
        for (var index = 0; index < parts.Length && first + index < Palette.Specials; index++)
        {
            var which = first + index;
            if (parts[index] == "?")
            {
                asked = true;
                parts[index] = "";
                answers.Add(Format($"{10 + which};{Palette.Write(palette.Special(which))}"));
            }
            else if (Palette.TryParse(parts[index], out var value))
            {
                palette.SetSpecial(which, value);
            }
        }

        var isRest = Array.Exists(parts, part => part.Length > 0);
        return asked ? Rest(Format($"{10 + first}"), isRest ? parts : []) : null;
    }

    private static string Rest(string command, ICollection<string> settings) =>
        settings.Count == 0 ? "" : $"{command};{string.Join(';', settings)}";

    private static void RestoreColours(Palette palette, string text)
    {
        if (text.Length == 0)
        {
            palette.RestoreAll();
            return;
        }

        foreach (var part in text.Split(';'))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var which))
            {
                palette.Restore(which);
            }
        }
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
