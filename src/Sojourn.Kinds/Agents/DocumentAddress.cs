using System.Globalization;

namespace Sojourn.Kinds.Agents;

/// <summary>Which part of a document may be changed.</summary>
internal static class DocumentAddress
{
    private const int LongestDocument = 1_000_000;

    /// <summary>What is wrong with a document and its address; null if nothing is.</summary>
    public static Refusal? Fault(DocumentContext context)
    {
        if (context.Content.Length > LongestDocument)
        {
            return new Refusal("out-of-range", $"'context.content' has at most {LongestDocument:N0} characters.")
            {
                Field = "context.content",
                IsInvalid = true,
            };
        }

        return Range(context.Address, context.Content.Length) is null
            ? new Refusal("out-of-range", "'context.address' must be '0:0', '0:end' or 'a:b' with 0 <= a <= b <= "
                + $"{context.Content.Length}, the document's length in UTF-16 units.")
            {
                Field = "context.address",
                IsInvalid = true,
            }
            : null;
    }

    /// <summary>From where up to where; null if the text is no address in a document of that length.</summary>
    public static (int From, int To)? Range(string address, int length)
    {
        var at = address.IndexOf(':', StringComparison.Ordinal);
        if (at < 0 || Number(address[..at]) is not { } from)
        {
            return null;
        }

        var end = address[(at + 1)..];
        var to = end is "end" or "N" ? length : Number(end);
        return to is { } last && from <= last && last <= length ? (from, last) : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
