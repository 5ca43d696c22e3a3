using System.Globalization;

namespace Sojourn.Cli.Doctor;

using Sojourn.Client;

/// <summary>Whether the server answers, takes work, agrees about the time and accepts the key.</summary>
internal static class ServerCheck
{
    private static readonly TimeSpan LargestDifference = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> LookAsync(Call call, CancellationToken stop)
    {
        var url = call.Globals.Url(call.Parse, call.Terminal);
        try
        {
            var health = await call.Client.HealthAsync(stop);
            return
            [
                Finding.Ok("server", $"It answers at {url}."),
                health.IsReady
                    ? Finding.Ok("health", "It takes work.")
                    : Finding.Fail("health", ExitCodes.ServerError, health.Problem ?? "It takes no work.",
                        "Look at the server's log. A full disk is the usual reason; it goes on once there is room."),
                Clock(health),
                await AccessAsync(call, stop),
            ];
        }
        catch (SojournConnectionException lost)
        {
            return [Finding.Fail("server", ExitCodes.NoServer, lost.Message,
                $"Start one with `sojourn serve`, or say with --url or SOJOURN_URL where it is, if not at {url}.")];
        }
        catch (SojournProblemException strange)
        {
            return [Finding.Fail("server", ExitCodes.Of(strange.Problem), strange.Message,
                $"Is what answers at {url} a Sojourn server? A proxy in between, or a name that it does not answer to "
                + "(see AllowedHosts), looks like this.")];
        }
    }

    private static Finding Clock(ServerHealth health)
    {
        if (health.ClockDifference is not { } difference)
            return Finding.Warn("clock", "The server does not tell its time.", "A proxy in between may take it away.");

        // The header has whole seconds, so less than that means nothing.
        var seconds = Math.Abs(difference.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        return difference.Duration() <= LargestDifference
            ? Finding.Ok("clock", "It agrees with this machine's.")
            : Finding.Warn("clock",
                $"The server's is {seconds} s {(difference > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.",
                "Set both by the network's time; ages and expiry times look wrong until then.");
    }

    /// <summary>Any answer but "who are you" shows that the key is accepted.</summary>
    private static async Task<Finding> AccessAsync(Call call, CancellationToken stop)
    {
        try
        {
            await call.Client.ListPageAsync("doctor", limit: 1, giveUp: stop);
        }
        catch (SojournProblemException no) when (no.Problem.Status is 401 or 403)
        {
            return Finding.Fail("access", ExitCodes.NotAllowed, no.Message,
                "Take the key from the file `key` in the server's data directory.");
        }
        catch (SojournProblemException answer) when (answer.Problem.Status is 404)
        {
            // Whoever is told that has been let in.
        }
        catch (SojournProblemException failed)
        {
            return Finding.Fail("access", ExitCodes.Of(failed.Problem), failed.Message, "Look at the server's log.");
        }

        return Finding.Ok("access", "The key is accepted.");
    }
}
