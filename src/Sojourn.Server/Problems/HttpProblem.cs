using System.Collections.Frozen;

namespace Sojourn.Server.Problems;

/// <summary>Why a request was not done, as it goes to the client: an RFC 9457 problem.</summary>
/// <param name="Type">The last part of its <c>type</c>.</param>
/// <param name="Detail">A sentence for people that says what helps.</param>
internal sealed record HttpProblem(string Type, string Detail)
{
    private static readonly FrozenDictionary<string, Meaning> Meanings = new Dictionary<string, Meaning>
    {
        [HttpProblemTypes.Malformed] = new(400, "Malformed request"),
        [HttpProblemTypes.InvalidId] = new(400, "Invalid id"),
        [HttpProblemTypes.InvalidParameter] = new(400, "Invalid parameter"),
        [HttpProblemTypes.Unauthorized] = new(401, "Unauthorized"),
        [HttpProblemTypes.Forbidden] = new(403, "Forbidden"),
        [ProblemTypes.NotFound] = new(404, "Not found"),
        [ProblemTypes.UnknownKind] = new(404, "Unknown kind"),
        [ProblemTypes.UnknownCommand] = new(404, "Unknown command"),
        [HttpProblemTypes.UnknownRoute] = new(404, "Unknown route"),
        [HttpProblemTypes.MethodNotAllowed] = new(405, "Method not allowed"),
        [ProblemTypes.Refused] = new(409, "Refused"),
        [ProblemTypes.LeaseLost] = new(409, "Lease lost"),
        [HttpProblemTypes.Gone] = new(410, "Gone"),
        [ProblemTypes.VersionMismatch] = new(412, "Version mismatch"),
        [ProblemTypes.AlreadyExists] = new(412, "Already exists"),
        [ProblemTypes.TooLarge] = new(413, "Too large"),
        [HttpProblemTypes.PreconditionRequired] = new(428, "Precondition required"),
        [HttpProblemTypes.UnsupportedMediaType] = new(415, "Unsupported media type"),
        [ProblemTypes.Invalid] = new(422, "Invalid parameters"),
        [ProblemTypes.OperationReused] = new(422, "Operation reused"),
        [ProblemTypes.TooManyOperations] = new(429, "Too many operations", RetryAfterSeconds: 60),
        [ProblemTypes.Overloaded] = new(429, "Overloaded", RetryAfterSeconds: 1),
        [ProblemTypes.TooManyWatchers] = new(429, "Too many watchers", RetryAfterSeconds: 5),
        [ProblemTypes.RateLimited] = new(429, "Rate limited", RetryAfterSeconds: 1),
        [ProblemTypes.Full] = new(429, "Full", RetryAfterSeconds: 30),
        [ProblemTypes.QuotaExceeded] = new(429, "Quota exceeded", RetryAfterSeconds: 60),
        [ProblemTypes.RuleFailed] = new(500, "Rule failed"),
        [HttpProblemTypes.Internal] = new(500, "Internal error"),
        [ProblemTypes.Damaged] = new(500, "Damaged"),
        [ProblemTypes.StoreUnavailable] = new(503, "Store unavailable", RetryAfterSeconds: 1),
        [ProblemTypes.Stopping] = new(503, "Stopping", RetryAfterSeconds: 1),
        [HttpProblemTypes.TookTooLong] = new(503, "Took too long", RetryAfterSeconds: 600),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The HTTP status.</summary>
    public int Status => Known.Status;

    /// <summary>The type in words.</summary>
    public string Title => Known.Title;

    /// <summary>When to try again, in seconds; null if that will not help.</summary>
    public int? RetryAfterSeconds
    {
        get => field ?? Known.RetryAfterSeconds;
        init;
    }

    /// <summary>True if the same request may succeed later.</summary>
    public bool Retryable => Known.RetryAfterSeconds is not null;

    /// <summary>For refusals and invalid parameters, the reason for programs.</summary>
    public string? Code { get; init; }

    /// <summary>The parameter at fault.</summary>
    public string? Field { get; init; }

    /// <summary>True if it is about a command: that was not done, and says so in the words of its replies.</summary>
    public bool IsOfCommand { get; init; }

    /// <summary>For a version mismatch, the session as it stands.</summary>
    public SessionView? Current { get; init; }

    /// <summary>For a method that the path does not have, those that it has.</summary>
    public string? Allow { get; init; }

    /// <summary>Members of the answer that problems of this sort alone have, by their names on the wire.</summary>
    public IReadOnlyList<(string Name, object Value)> More { get; init; } = [];

    /// <summary>Headers of the answer besides those that every problem has.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Every type there is, sorted.</summary>
    public static IEnumerable<string> Types => Meanings.Keys.Order(StringComparer.Ordinal);

    private Meaning Known => Meanings[Type];

    /// <summary>The status of a type.</summary>
    public static int StatusOf(string type) => Meanings[type].Status;

    /// <summary>A type in words.</summary>
    public static string TitleOf(string type) => Meanings[type].Title;

    /// <summary>The engine's problem in HTTP's terms.</summary>
    public static HttpProblem Of(Problem problem) =>
        // A type that is newer than this table is still an answer, though not one that a client can act upon.
        Meanings.ContainsKey(problem.Type)
            ? new HttpProblem(problem.Type, problem.Message)
            {
                Code = problem.Code,
                Field = problem.Field,
                Current = problem.Current,
                // Rounded up: who comes a moment too early is sent away again.
                RetryAfterSeconds = problem.RetryAfter is { } pause
                    ? (int)Math.Clamp(Math.Ceiling(pause.TotalSeconds), 1, int.MaxValue) : null,
            }
            : new HttpProblem(HttpProblemTypes.Internal, problem.Message);

    public static HttpProblem Stopping { get; } =
        new(ProblemTypes.Stopping, "The server is stopping. Try again in a moment.");

    public static HttpProblem BadParameter(string name, string detail) =>
        new(HttpProblemTypes.InvalidParameter, detail) { Field = name };

    private sealed record Meaning(int Status, string Title, int? RetryAfterSeconds = null);
}

/// <summary>Problems that only a request over HTTP can have; the others are <see cref="ProblemTypes"/>.</summary>
internal static class HttpProblemTypes
{
    public const string Malformed = "malformed";
    public const string InvalidId = "invalid-id";
    public const string InvalidParameter = "invalid-parameter";
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string UnknownRoute = "unknown-route";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string Gone = "gone";
    public const string PreconditionRequired = "precondition-required";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string Internal = "internal";
    public const string TookTooLong = "took-too-long";
}
