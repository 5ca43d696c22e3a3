using System.Globalization;
using System.Text.RegularExpressions;

namespace Sojourn.Models;

/// <summary>What is done about a piece that the model cannot make.</summary>
public enum ModelFallback
{
    /// <summary>The session fails with the reason, and a retry goes on from what is stored.</summary>
    None,

    /// <summary>The embedded generator makes that piece, and the session says so.</summary>
    Embedded,
}

/// <summary>
/// Which models make storyboards, and what they may cost. Works with every server that speaks the OpenAI protocol
/// (chat completions and images). All faults are reported together when the generator is built.
/// </summary>
public sealed partial class ModelOptions
{
    /// <summary>
    /// Where the server is, up to and without <c>/chat/completions</c>. Default OpenAI's own. HTTP or HTTPS, without
    /// user name, query or fragment.
    /// </summary>
    public string BaseUrl { get; set; } = "https://api.openai.com/v1";

    /// <summary>The model that reads, plans and writes; it must know structured output. Required.</summary>
    public string TextModel { get; set; } = "";

    /// <summary>The model that draws. Required.</summary>
    public string ImageModel { get; set; } = "";

    /// <summary>How large pictures are to be, such as <c>1536x1024</c>. Default null: as the server likes.</summary>
    public string? ImageSize { get; set; }

    /// <summary>
    /// The environment variable that holds the key. Read once, when the generator is built. Null with
    /// <see cref="KeyFile"/>, or for a server that wants no key.
    /// </summary>
    public string? KeyVariable { get; set; }

    /// <summary>
    /// The file whose only line is the key. Read once, when the generator is built. Null with
    /// <see cref="KeyVariable"/>, or for a server that wants no key.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>How long one call may take until its answer is whole. Default 2 min; 1 s to 20 min.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How often a call is tried again after what can heal: 429, 5xx, a timeout, a broken connection. Default 4;
    /// 0 to 10.
    /// </summary>
    public int Retries { get; set; } = 4;

    /// <summary>How many calls are under way at once, of all sessions together. Default 4; 1 to 100.</summary>
    public int MaxConcurrent { get; set; } = 4;

    /// <summary>The most tokens that the text model may write in one answer. Default 4,000; 100 to 100,000.</summary>
    public int MaxOutputTokens { get; set; } = 4_000;

    /// <summary>The largest picture, in bytes. Default 4 MiB, which is the most; 64 KiB at least.</summary>
    public int MaxPictureBytes { get; set; } = LargestPicture;

    /// <summary>
    /// After how many tokens, read and written, a session makes no text call any more. The call that comes to it is
    /// still made, so it can be exceeded by one call. Default none; 1 to 1,000,000,000.
    /// </summary>
    public long? MaxTokens { get; set; }

    /// <summary>
    /// What a session may cost, by the prices below. A picture that would exceed it is not drawn; texts can exceed it
    /// by one call. Default none; above 0. Needs a price.
    /// </summary>
    public decimal? MaxCost { get; set; }

    /// <summary>What a million tokens cost that the text model reads. Default 0.</summary>
    public decimal InputPrice { get; set; }

    /// <summary>What a million tokens cost that the text model writes. Default 0.</summary>
    public decimal OutputPrice { get; set; }

    /// <summary>What one picture costs. Default 0.</summary>
    public decimal PicturePrice { get; set; }

    /// <summary>What is done about a piece that the model cannot make. Default none: the session fails.</summary>
    public ModelFallback Fallback { get; set; }

    /// <summary>As much as one entry of a session's stream may hold.</summary>
    internal const int LargestPicture = 4 << 20;

    private const decimal HighestPrice = 1_000_000;

    /// <summary>Both models and where they are, for people. Never the key.</summary>
    public override string ToString() => $"{TextModel} and {ImageModel} at {BaseUrl}";

    /// <summary>All that is wrong, the key included, which is looked for here.</summary>
    internal IEnumerable<string> Faults() =>
        [.. NameFaults(), .. LimitFaults(), .. PriceFaults(), .. ModelKey.Read(this, out _)];

    private IEnumerable<string> NameFaults()
    {
        if (!IsUrl(BaseUrl))
        {
            // Not repeated: what is no URL here may well be the key, or hold a password.
            yield return $"{nameof(BaseUrl)} must be an http:// or https:// URL without user name, query and fragment, "
                + "such as https://api.openai.com/v1.";
        }

        if (string.IsNullOrWhiteSpace(TextModel))
        {
            yield return $"{nameof(TextModel)} must name the model that reads, plans and writes.";
        }

        if (string.IsNullOrWhiteSpace(ImageModel))
        {
            yield return $"{nameof(ImageModel)} must name the model that draws.";
        }

        if (ImageSize is not null && !SizeForm().IsMatch(ImageSize))
        {
            yield return $"{nameof(ImageSize)} must be width x height in pixels, such as 1536x1024.";
        }

        if (!Enum.IsDefined(Fallback))
        {
            yield return $"{nameof(Fallback)} must be none or embedded.";
        }
    }

    private IEnumerable<string> LimitFaults()
    {
        if (CallTimeout < TimeSpan.FromSeconds(1) || CallTimeout > TimeSpan.FromMinutes(20))
        {
            yield return $"{nameof(CallTimeout)} must be 1 second to 20 minutes; it is {CallTimeout}.";
        }

        (string Name, long Value, long Least, long Most)[] limits =
        [
            (nameof(Retries), Retries, 0, 10),
            (nameof(MaxConcurrent), MaxConcurrent, 1, 100),
            (nameof(MaxOutputTokens), MaxOutputTokens, 100, 100_000),
            (nameof(MaxPictureBytes), MaxPictureBytes, 64 << 10, LargestPicture),
            (nameof(MaxTokens), MaxTokens ?? 1, 1, 1_000_000_000),
        ];
        foreach (var (name, value, least, most) in limits.Where(each =>
            each.Value < each.Least || each.Value > each.Most))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{name} must be {least:N0} to {most:N0}; it is {value:N0}.");
        }
    }

    private IEnumerable<string> PriceFaults()
    {
        (string Name, decimal Value)[] prices =
        [
            (nameof(InputPrice), InputPrice), (nameof(OutputPrice), OutputPrice),
            (nameof(PicturePrice), PicturePrice),
        ];
        foreach (var (name, value) in prices.Where(price => price.Value is < 0 or > HighestPrice))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{name} must be 0 to {HighestPrice:N0}; it is {value}.");
        }

        if (MaxCost is <= 0 or > HighestPrice)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{nameof(MaxCost)} must be above 0 and at most {HighestPrice:N0}; it is {MaxCost}.");
        }

        if (MaxCost is not null && prices.All(price => price.Value == 0))
        {
            yield return $"{nameof(MaxCost)} holds nothing back without prices: give {nameof(InputPrice)}, "
                + $"{nameof(OutputPrice)} or {nameof(PicturePrice)}.";
        }
    }

    private static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { UserInfo: "", Query: "", Fragment: "" };

    [GeneratedRegex("^[1-9][0-9]{1,4}x[1-9][0-9]{1,4}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SizeForm();
}
