namespace Sojourn.Client;

/// <summary>A link that logs a browser in, once.</summary>
/// <param name="Url">For the browser. What is after the '#' is a secret until it was used.</param>
/// <param name="ExpiresAt">Until when it is good if nobody uses it.</param>
public sealed record ConsoleLink(Uri Url, DateTimeOffset ExpiresAt);
