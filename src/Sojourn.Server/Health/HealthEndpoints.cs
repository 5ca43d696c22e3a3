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
        await SendAsync(context.Response, "live");
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

        await SendAsync(context.Response, "ready");
        return null;
    }

    private static ValueTask SendAsync(HttpResponse response, string status)
    {
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteString("status"u8, status);
        buffer.Json.WriteEndObject();
        return buffer.SendAsync(response);
    }
}
