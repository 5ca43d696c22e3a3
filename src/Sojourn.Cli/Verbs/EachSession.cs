namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

/// <summary>One request for each of several sessions. One that fails does not keep the others from theirs.</summary>
internal static class EachSession
{
    /// <param name="call">The call.</param>
    /// <param name="sessions">Which.</param>
    /// <param name="done">What is said of one that went well, such as <c>removed</c>.</param>
    /// <param name="doAsync">What is done to each.</param>
    /// <returns>The exit code: that of the first that failed.</returns>
    public static async Task<int> DoAsync(
        Call call, IReadOnlyList<SessionAddress> sessions, string done, Func<SessionAddress, Task> doAsync)
    {
        var results = new List<Dictionary<string, object?>>();
        var code = ExitCodes.Done;
        foreach (var address in sessions)
        {
            var failure = await TryAsync(call, address, done, doAsync);
            results.Add(new()
            {
                ["id"] = address.ToString(),
                [done] = failure is null,
                ["problem"] = failure?.Problem,
            });
            if (failure is not null && code == ExitCodes.Done)
                code = failure.ExitCode;
        }

        if (call.Json)
            call.Document(new { results });
        return code;
    }

    private static async Task<Failure?> TryAsync(
        Call call, SessionAddress address, string done, Func<SessionAddress, Task> doAsync)
    {
        try
        {
            await doAsync(address);
            if (!call.Json)
                call.Say($"{char.ToUpperInvariant(done[0])}{done[1..]} {address}.");
            return null;
        }
        catch (SojournProblemException refused) when (Failure.Of(refused) is { } failure)
        {
            failure.Tell(call.Terminal, call.Json);
            return failure;
        }
    }
}
