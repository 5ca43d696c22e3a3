using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Health;

/// <summary>Tells whoever watches over the process whether it lives, and whether it takes work.</summary>
internal sealed class HealthEndpoints(SojournEngine engine, IHostApplicationLifetime lifetime)
{
    public static async ValueTask<HttpProblem?> LiveAsync(HttpContext context, Caller caller)
    {
        await Wire.SendAsync(context.Response, new { status = "live" });
        return null;
    }

    public async ValueTask<HttpProblem?> ReadyAsync(HttpContext context, Caller caller)
    {
        var health = engine.Health;
        if (!health.IsRunning || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return new(ProblemTypes.Stopping, "The server takes no work: it is starting or stopping.");
        }

        if (health.Critical is { } reason)
        {
            return new(ProblemTypes.StoreUnavailable, reason);
        }

        // What is full or stuck is for people to see to; a server that is replaced for it comes back just as full.
        var report = await engine.CheckHealthAsync(context.RequestAborted);
        await Wire.SendAsync(context.Response, new ReadyView("ready", report.Level, report.Findings));
        return null;
    }
}

/// <summary>A server that takes work, and how well it is.</summary>
/// <param name="Status">Always <c>ready</c>.</param>
/// <param name="Level">The worst of the findings.</param>
/// <param name="Findings">What an operator should look at; never the name of a session or an owner.</param>
internal sealed record ReadyView(string Status, HealthLevel Level, IReadOnlyList<HealthFinding> Findings);
