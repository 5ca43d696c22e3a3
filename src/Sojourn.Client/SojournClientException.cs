using System.Security.Authentication;

namespace Sojourn.Client;

/// <summary>What a <see cref="SojournClient"/> throws when it did not get what it asked for.</summary>
public abstract class SojournClientException : Exception
{
    private protected SojournClientException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}

/// <summary>The server answered with a problem.</summary>
public sealed class SojournProblemException : SojournClientException
{
    internal SojournProblemException(SojournProblem problem, TimeSpan? retryAfter)
        : base(problem.Detail ?? problem.Title ?? $"The server answered {problem.Status}.", null)
    {
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>What the server said.</summary>
    public SojournProblem Problem { get; }

    /// <summary>How long the server asks to wait before trying again; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>There was no answer, or not a whole one. Whether a command took effect is unknown.</summary>
public sealed class SojournConnectionException : SojournClientException
{
    internal SojournConnectionException(string message, string reason, Exception? cause = null)
        : base(message, cause) => Reason = reason;

    /// <summary>A few words, such as "connection refused", for a line of text.</summary>
    public string Reason { get; }

    /// <summary>True if the next attempt would end the same way.</summary>
    internal bool Lasting { get; private init; }

    internal static SojournConnectionException NotSojourn(Uri url, string why, Exception? cause = null) => new(
        $"What answers at {Shown(url)} is no Sojourn server of this version: {why}", "not a Sojourn server", cause)
    {
        Lasting = true,
    };

    internal static SojournConnectionException From(Exception cause, Uri url) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            new($"No server answers at {Shown(url)}; start one with `sojourn serve`.", "no server answers", cause),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new($"No server answers at {Shown(url)}: there is no host of that name.", "unknown host", cause),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new($"There is no secure way to {Shown(url)}: {Innermost(cause)}", "no secure connection", cause)
            {
                // Cut off in the middle it may go well next time; a certificate that is wrong stays so.
                Lasting = cause.InnerException is AuthenticationException,
            },
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
            NotSojourn(url, "its answer is no HTTP.", cause),
        TimeoutException => new($"The server at {Shown(url)} is silent: {cause.Message}", cause.Message, cause),
        _ => new($"The connection to {Shown(url)} broke before the answer was whole.", "the connection broke", cause),
    };

    private static string Shown(Uri url) => url.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
