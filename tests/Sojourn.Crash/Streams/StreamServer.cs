using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Sojourn.Server;

namespace Sojourn.Crash.Streams;

/// <summary>
/// The process that is killed: a server of durable streams on the embedded store. Says <c>ready PORT</c> when it takes
/// requests.
/// </summary>
internal static class StreamServer
{
    public const string Key = "a-key-of-the-campaign-0123456789";

    public static async Task RunAsync(string directory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSojourn(options => options.UseSqlite(directory, Child.MakeTiny));
        builder.Services.AddSojournServer(options =>
        {
            options.Key = Key;
            // Short, so that readers also come again while it lives.
            options.LongPollTimeout = TimeSpan.FromMilliseconds(300);
            options.SseLifetime = TimeSpan.FromSeconds(2);
        });
        await using var app = builder.Build();
        app.MapSojourn();
        await app.StartAsync();
        Child.Say($"ready {new Uri(app.Urls.Single()).Port}");

        // Whoever has started it holds the other end; without them it goes.
        await Console.In.ReadToEndAsync();
    }
}
