using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Sojourn.Cli;

/// <summary>Hosts the server in this process.</summary>
internal static class ServerHost
{
    /// <summary>Runs until <paramref name="stop"/>, then ends in good order.</summary>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(ServeSettings settings, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(settings.Urls);
        await using var server = builder.Build();
        server.MapGet("/health/live", () => Results.Ok());
        await server.StartAsync(stop);
        await server.WaitForShutdownAsync(stop);
        return ExitCodes.Done;
    }
}
