using System.Diagnostics.CodeAnalysis;

namespace Sojourn.Kinds.Play.Models;

/// <summary>
/// What a pilot is called: 1 to 32 ASCII letters, digits, spaces, dashes and underscores, without spaces at either end.
/// </summary>
public readonly record struct Callsign
{
    /// <summary>The longest, in characters.</summary>
    public const int MaxLength = 32;

    /// <summary>How long <see cref="ShortForm"/> is at most.</summary>
    public const int ShortLength = 8;

    private readonly string? _text;

    private Callsign(string text) => _text = text;

    /// <summary>The first eight characters, for where there is little room; without a space at its end.</summary>
    public string ShortForm => ToString() is { Length: > ShortLength } text ? text[..ShortLength].TrimEnd() : ToString();

    /// <summary>Reads one; spaces at its ends are cut off. False if the rest breaks the rule of the type's summary.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Callsign callsign)
    {
        var trimmed = text?.Trim(' ');
        var valid = trimmed is { Length: > 0 and <= MaxLength }
            && trimmed.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_');
        callsign = valid ? new Callsign(trimmed!) : default;
        return valid;
    }

    /// <summary>Reads one that is known to be well formed.</summary>
    /// <exception cref="FormatException">The text breaks the rule of the type's summary.</exception>
    public static Callsign Parse(string text) => TryParse(text, out var callsign)
        ? callsign
        : throw new FormatException($"'{text}' is not a callsign: use 1 to {MaxLength} letters, digits, spaces, dashes "
            + "and underscores.");

    /// <inheritdoc />
    public override string ToString() => _text ?? "";
}
