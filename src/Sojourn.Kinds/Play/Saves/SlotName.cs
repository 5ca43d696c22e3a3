using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Kinds.Play.Saves;

/// <summary>
/// A place for saves: a number that the player chose, or one of the two that fill themselves, <c>quick</c> and
/// <c>auto</c>. The default value is slot 0. How many numbers there are is for <see cref="SaveSlotsOptions.Slots"/>.
/// </summary>
[JsonConverter(typeof(AsText))]
public readonly record struct SlotName : IComparable<SlotName>
{
    /// <summary>The highest number that a slot can have.</summary>
    public const int MaxNumber = 998;

    private const int QuickNumber = -1;
    private const int AutoNumber = -2;

    private readonly int _number;

    private SlotName(int number) => _number = number;

    /// <summary>The slot of quick saves.</summary>
    public static SlotName Quick { get; } = new(QuickNumber);

    /// <summary>The slot of automatic saves.</summary>
    public static SlotName Auto { get; } = new(AutoNumber);

    /// <summary>The number; null for <see cref="Quick"/> and <see cref="Auto"/>.</summary>
    public int? Index => _number < 0 ? null : _number;

    /// <summary>How the slot's files begin: <c>slot-3</c>, <c>quick</c>, <c>auto</c>.</summary>
    public string FileStem => _number < 0 ? ToString() : $"slot-{ToString()}";

    /// <summary>A slot with a number.</summary>
    /// <param name="number">0 to <see cref="MaxNumber"/>.</param>
    public static SlotName Number(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MaxNumber);
        return new SlotName(number);
    }

    /// <summary>Reads <c>3</c>, <c>quick</c> or <c>auto</c>, and nothing else: no spaces, signs or leading zeros.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SlotName slot)
    {
        slot = default;
        if (text is "quick" or "auto")
        {
            slot = text == "quick" ? Quick : Auto;
            return true;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > MaxNumber || (text!.Length > 1 && text[0] == '0'))
        {
            return false;
        }

        slot = new SlotName(number);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">It is no slot's name.</exception>
    public static SlotName Parse(string text) => TryParse(text, out var slot)
        ? slot
        : throw new FormatException($"'{text}' is no slot. Slots are numbers from 0 on, 'quick' and 'auto'.");

    /// <summary>Numbers first, then <c>quick</c>, then <c>auto</c>.</summary>
    public int CompareTo(SlotName other) => Order(_number).CompareTo(Order(other._number));

    /// <summary><c>3</c>, <c>quick</c> or <c>auto</c>.</summary>
    public override string ToString() => _number switch
    {
        QuickNumber => "quick",
        AutoNumber => "auto",
        _ => _number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Whether one stands before the other.</summary>
    public static bool operator <(SlotName left, SlotName right) => left.CompareTo(right) < 0;

    /// <summary>Whether one stands behind the other.</summary>
    public static bool operator >(SlotName left, SlotName right) => left.CompareTo(right) > 0;

    /// <summary>Whether one stands before the other, or is the same.</summary>
    public static bool operator <=(SlotName left, SlotName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one stands behind the other, or is the same.</summary>
    public static bool operator >=(SlotName left, SlotName right) => left.CompareTo(right) >= 0;

    private static int Order(int number) => number < 0 ? MaxNumber - number : number;

    private sealed class AsText : JsonConverter<SlotName>
    {
        public override SlotName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var slot) ? slot : throw new JsonException("This is no slot.");

        public override void Write(Utf8JsonWriter writer, SlotName value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
