using System.Diagnostics.CodeAnalysis;

namespace Sojourn;

/// <summary>
/// The name of one session within its kind and owner: 1 to 64 characters of <c>a-z 0-9 . _ -</c>, the first a letter
/// or a digit. An id is never used as a path.
/// </summary>
public readonly record struct SessionId
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 64;

    private readonly string? _text;

    private SessionId(string text) => _text = text;

    /// <summary>Reads an id; false if the text breaks the rule of the type's summary.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionId id)
    {
        var valid = text is { Length: > 0 and <= MaxLength }
            && char.IsAsciiLetterOrDigit(text[0]) && Naming.AllOf(text, Naming.IdCharacters);
        id = valid ? new SessionId(text!) : default;
        return valid;
    }

    /// <summary>Reads an id that is known to be well formed.</summary>
    /// <exception cref="FormatException">The text breaks the rule of the type's summary.</exception>
    public static SessionId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException(
        $"'{text}' is not a session id: use 1 to 64 characters of a-z, 0-9, '.', '_' and '-', "
        + "beginning with a letter or a digit.");

    /// <inheritdoc />
    public override string ToString() => _text ?? "";

    /// <summary>Reads an id that is known to be well formed; see <see cref="Parse"/>.</summary>
    public static implicit operator SessionId(string text) => Parse(text);
}

/// <summary>
/// The tenant that a session belongs to; another owner's session does not exist for you. Same characters as
/// <see cref="SessionId"/>. <see cref="Local"/> is the owner when nobody says otherwise; <see cref="System"/> is no
/// tenant.
/// </summary>
public readonly record struct OwnerId
{
    private readonly string? _text;

    private OwnerId(string text) => _text = text;

    /// <summary>The owner of all that is created without naming one.</summary>
    public static OwnerId Local { get; }

    /// <summary>
    /// The owner of what a program keeps for itself among the sessions, such as a server's keys. No quota limits it,
    /// and its name, <c>_system</c>, is none that a tenant can have.
    /// </summary>
    public static OwnerId System { get; } = new("_system");

    /// <summary>
    /// Reads an owner that is a tenant; false if the text is no well-formed name. For names that come from outside.
    /// </summary>
    public static bool TryParseTenant([NotNullWhen(true)] string? text, out OwnerId owner)
    {
        var valid = SessionId.TryParse(text, out _);
        owner = valid && text != "local" ? new OwnerId(text!) : default;
        return valid;
    }

    /// <summary>
    /// Reads an owner as it was stored, <see cref="System"/> too; false if the text is no well-formed name.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out OwnerId owner)
    {
        var isSystem = text == System._text;
        var isTenant = TryParseTenant(text, out var tenant);
        owner = isSystem ? System : tenant;
        return isSystem || isTenant;
    }

    /// <inheritdoc />
    public override string ToString() => _text ?? "local";

    /// <summary>Reads an owner that is known to be well formed.</summary>
    /// <exception cref="FormatException">The text is no well-formed name.</exception>
    public static OwnerId Parse(string text) => TryParse(text, out var owner) ? owner : throw new FormatException(
        $"'{text}' is not an owner: use 1 to 64 characters of a-z, 0-9, '.', '_' and '-'.");
}

/// <summary>What names one session everywhere: its kind, its owner, and its id within these.</summary>
public readonly record struct SessionKey(string Kind, OwnerId Owner, SessionId Id)
{
    /// <inheritdoc />
    public override string ToString() => Owner == OwnerId.Local ? $"{Kind}/{Id}" : $"{Owner}:{Kind}/{Id}";
}
