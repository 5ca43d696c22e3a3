using Sojourn.Client;

namespace Sojourn.Cli;

/// <summary>What the program's end tells a script; the same table stands in the help and in docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int NotAllowed = 4;
    public const int NoServer = 5;
    public const int Conflict = 6;
    public const int ServerError = 7;
    public const int Detached = 130;

    public static readonly IReadOnlyList<(int Code, string Meaning)> Table =
    [
        (Done, "done"),
        (Failed, "the session failed, was cancelled, or its rules refused the command"),
        (Usage, "bad usage, parameters that cannot be accepted, or a local file that cannot be read or written"),
        (NotFound, "there is no such session, kind or command"),
        (NotAllowed, "no key, an unknown key, or a request from where the server allows none"),
        (NoServer, "no server answers, or the connection broke"),
        (Conflict, "another version than expected, an id that is taken, or a reused idempotency key"),
        (ServerError, "the server failed, is stopping or is overloaded"),
        (Detached, "stopped by Ctrl-C; sessions go on"),
    ];

    public static int Of(SojournProblem problem) => problem switch
    {
        { Name: "refused" or "lease-lost" } => Failed,
        { Name: "operation-reused" } => Conflict,
        { Status: 401 or 403 } => NotAllowed,
        { Status: 404 or 410 } => NotFound,
        { Status: 409 or 412 } => Conflict,
        { Status: 429 or >= 500 } => ServerError,
        _ => Usage,
    };
}
