namespace Sojourn.Server.Json;

/// <summary>The number of an event as text: 16 digits, so that offsets sort.</summary>
internal static class EventOffset
{
    public const int Digits = 16;

    public static void Format(long number, Span<byte> digits)
    {
        for (var i = Digits - 1; i >= 0; i--)
        {
            (number, var digit) = Math.DivRem(number, 10);
            digits[i] = (byte)('0' + digit);
        }
    }

    /// <summary>Reads 1 to 16 digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        if (text.Length is 0 or > Digits || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        foreach (var digit in text)
        {
            number = (number * 10) + (digit - '0');
        }

        return true;
    }
}
