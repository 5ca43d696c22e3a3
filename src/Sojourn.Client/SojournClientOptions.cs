namespace Sojourn.Client;

/// <summary>How a <see cref="SojournClient"/> reaches its server. Read once, when the client is made.</summary>
public sealed class SojournClientOptions
{
    /// <summary>The server that <c>sojourn serve</c> starts when nobody says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:7707";

    /// <summary>The server's address; a path, if there is one, comes before <c>/v1</c>.</summary>
    public Uri Url { get; set; } = new(DefaultUrl);

    /// <summary>The key that goes with every request; null sends none, which most servers answer with 401.</summary>
    public string? Key { get; set; }

    /// <summary>
    /// How long a create or a command that carries an idempotency key is tried again while the server cannot be
    /// reached or answers 408, 429, 502, 503 or 504. 30 s by default; zero tries once. A wait that would end later,
    /// because the server asks for it, is not begun.
    /// </summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether creates and commands sent without an idempotency key get a random one, so that they may be repeated
    /// safely. True by default; without a key nothing is ever sent twice.
    /// </summary>
    public bool GenerateIdempotencyKeys { get; set; } = true;

    /// <summary>The wait before the first repetition, doubled each time; 100 ms by default.</summary>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest wait between two attempts, unless the server asks for more (up to a day); 5 s by default.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one attempt may take from sending to the last byte of the answer; 60 s by default.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A stream or download on which nothing at all arrives for this long counts as dead; 45 s by default. Servers
    /// send something every 15 s, so shorter than that breaks healthy connections.
    /// </summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>What carries the requests; null for a socket. The client disposes only what it made itself.</summary>
    public HttpMessageHandler? HttpMessageHandler { get; set; }

    /// <summary>The clock of all waits and limits above.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>As they stand now: a client that is at work does not change with them.</summary>
    internal SojournClientOptions Copy() => (SojournClientOptions)MemberwiseClone();

    internal void Check(string optionsName)
    {
        var faults = new List<string>();
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
            faults.Add($"{nameof(Url)} is '{Url}', but must begin with http:// or https://");
        if (Key is not null && (Key.Length == 0 || Key.Any(c => c is <= ' ' or > '~')))
            faults.Add($"{nameof(Key)} must be printable ASCII without spaces");
        if (RetryFor < TimeSpan.Zero)
            faults.Add($"{nameof(RetryFor)} must not be negative");

        RequirePositive(FirstRetryDelay, nameof(FirstRetryDelay));
        RequirePositive(RequestTimeout, nameof(RequestTimeout));
        RequirePositive(SilenceLimit, nameof(SilenceLimit));
        if (MaxRetryDelay < FirstRetryDelay)
            faults.Add($"{nameof(MaxRetryDelay)} must not be shorter than {nameof(FirstRetryDelay)}");
        if (faults.Count > 0)
            throw new ArgumentException($"These options cannot work: {string.Join("; ", faults)}.", optionsName);

        void RequirePositive(TimeSpan value, string name)
        {
            if (value <= TimeSpan.Zero)
                faults.Add($"{name} must be longer than zero");
        }
    }
}
