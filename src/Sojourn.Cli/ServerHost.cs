using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Generation;
using Sojourn.Kinds.Parties;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Models;
using Sojourn.Server;
using Sojourn.Server.Console;
using Sojourn.Server.Keys;

namespace Sojourn.Cli;

/// <summary>Hosts the server in this process.</summary>
internal static class ServerHost
{
    // More than a request may hold: what is beyond the server's own limit is read and thrown away, so that the client
    // gets to see the answer and not a broken connection.
    private const long DrainedBytes = 64 << 20;

    /// <summary>Runs until <paramref name="stop"/>, then ends in good order.</summary>
    /// <returns>The program's exit code.</returns>
    public static Task<int> RunAsync(ServeSettings settings, CancellationToken stop) =>
        RunAsync(settings, Console.Out, Console.Error, stop);

    /// <summary>As the other, but writes where it is told to.</summary>
    internal static async Task<int> RunAsync(
        ServeSettings settings, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var options = ServeConfig.Read(settings.ConfigFile);
        // Before the server and so disposed of after it: the last that happens is told too.
        using var telemetry = ServeTelemetry.Start(settings.Collector);
        var (server, key) = await OpenAsync(settings, options, telemetry, error, stop);
        await using var owned = server;
        ServeBanner.Greet(
            output, server.Urls, settings.DataDirectory, key, options.Generator, ConsoleLinkOf(server, options));
        ServeBanner.Warn(error, server.Urls);

        // Not on the thread that brings the signal: the second one is to find it free.
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var signal = stop.Register(stopping.SetResult);
        await stopping.Task;
        await error.WriteLineAsync("sojourn: stopping; press Ctrl-C again to end at once.");
        return await StopAsync(server, error) ? ExitCodes.Done : ExitCodes.ServerError;
    }

    /// <summary>Begins the server, and says nothing but warnings.</summary>
    internal static async Task<(WebApplication Server, ServeKeyFile Key)> OpenAsync(
        ServeSettings settings, ServeOptions options, ServeTelemetry? telemetry, TextWriter error,
        CancellationToken stop)
    {
        var urls = ServeAddresses.Parse(settings.Urls);
        ServeDirectory.Prepare(settings.DataDirectory);
        var key = ServeKeyFile.Open(settings.DataDirectory, error);
        options.Server.Key = key.Key;
        options.Explorer.ExportKey = Encoding.UTF8.GetBytes(
            ServeKeyFile.Open(settings.DataDirectory, error, "export-key").Key);
        options.Server.Parties.Secret = Encoding.UTF8.GetBytes(
            ServeKeyFile.Open(settings.DataDirectory, error, "party-key").Key);
        ServeParties.Complete(options.Server.Parties, options.PartyPort, urls);
        return (await StartAsync(settings, options, urls, telemetry, stop), key);
    }

    /// <summary>Ends it in good order, and tells what that left behind.</summary>
    /// <returns>True if everything is saved.</returns>
    internal static async Task<bool> StopAsync(WebApplication server, TextWriter error)
    {
        await server.StopAsync(CancellationToken.None);
        // Stopped with the host; asked again it only tells how that went.
        var report = await server.Services.GetRequiredService<SojournEngine>().StopAsync();
        return ServeBanner.Report(error, report);
    }

    private static string? ConsoleLinkOf(WebApplication server, ServeOptions options) => options.Server.ServesConsole
        ? server.Services.GetRequiredService<ConsoleLinks>()
            .Make(server.Services.GetRequiredService<KeyRing>().First, ConsoleLinks.FirstKeptFor).Path
        : null;

    private static async Task<WebApplication> StartAsync(
        ServeSettings settings, ServeOptions options, IReadOnlyList<string> urls, ServeTelemetry? telemetry,
        CancellationToken stop)
    {
        var isUp = false;
        // From nothing, so that no stray appsettings.json and no variable of another program has a say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddLogging(builder.Logging, options.LogLevel, () => isUp);
        telemetry?.AddTo(builder.Logging);
        AddSojourn(builder.Services, settings, options);
        builder.Services.AddSingleton<IHostLifetime, ServeLifetime>();
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = options.StopGrace + TimeSpan.FromSeconds(15));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, options)).UseUrls([.. urls]);
        var server = builder.Build();
        try
        {
            server.MapSojourn();
            await server.StartAsync(stop);
            isUp = true;
            return server;
        }
        catch (Exception failure)
        {
            await server.DisposeAsync();
            throw Explain(failure, urls, settings.UrlsOption) ?? failure;
        }
    }

    private static void AddSojourn(IServiceCollection services, ServeSettings settings, ServeOptions options)
    {
        var sojourn = services.AddSojourn(engine =>
            {
                engine.StopGrace = options.StopGrace;
                engine.DefaultQuota = options.Quota;
                engine.UseSqlite(settings.DataDirectory);
            })
            .AddExplorer(options.Explorer)
            .AddAgents(Path.Combine(settings.DataDirectory, "agents"), WithDefaultProfiles(options.Agents))
            .AddPlay(options.Play)
            .AddCloudSlots(options.CloudSlots)
            .AddParties(options.Parties)
            .AddKind(new GenerationKind(options.Generation))
            .AddDriver<Generation, GenerationDriver>();
        if (options.UsesModel)
            sojourn.AddModelGenerator(options.Model);
        else
            services.AddSingleton<IStoryboardGenerator>(provider =>
                new EmbeddedGenerator(options.Generation, provider.GetRequiredService<TimeProvider>()));
        services.AddSojournServer(server =>
        {
            server.Key = options.Server.Key;
            server.AllowedHosts = options.Server.AllowedHosts;
            server.BackupDirectory = options.Server.BackupDirectory
                ?? Path.Combine(settings.DataDirectory, "backups");
            server.MaxBodyBytes = options.Server.MaxBodyBytes;
            server.Heartbeat = options.Server.Heartbeat;
            server.RequestsPerSecond = options.Server.RequestsPerSecond;
            server.RequestBurst = options.Server.RequestBurst;
            server.MaxConcurrentRequests = options.Server.MaxConcurrentRequests;
            server.RefusalPause = options.Server.RefusalPause;
            server.Streams = options.Server.Streams;
            server.StreamsPath = options.Server.StreamsPath;
            server.LongPollTimeout = options.Server.LongPollTimeout;
            server.SseLifetime = options.Server.SseLifetime;
            server.ServesConsole = options.Server.ServesConsole;
            server.Parties = options.Server.Parties;
        });
    }

    private static AgentOptions WithDefaultProfiles(AgentOptions options)
    {
        if (options.UseDefaultProfiles)
        {
            var named = options.Profiles.Select(profile => profile.Name).ToHashSet(StringComparer.Ordinal);
            options.Profiles =
            [
                .. options.Profiles,
                .. DefaultProfiles
                    .Find(Environment.GetEnvironmentVariable("PATH"), Environment.GetEnvironmentVariable("SHELL"))
                    .Where(profile => !named.Contains(profile.Name)),
            ];
        }

        return options;
    }

    private static void Limit(KestrelServerOptions kestrel, ServeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = Math.Max(DrainedBytes, options.Server.MaxBodyBytes);
        // What is read ahead for a request that may yet be refused.
        kestrel.Limits.MaxRequestBufferSize = 64 << 10;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.MaxRequestLineSize = 8 << 10;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, TimeSpan.FromSeconds(30));
    }

    private static void AddLogging(ILoggingBuilder logging, LogLevel level, Func<bool> isUp)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
            // The request's id among them.
            console.IncludeScopes = true;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            // Standard output is for the greeting alone.
            console.LogToStandardErrorThreshold = LogLevel.Trace);
        // What keeps the server from starting is told in one sentence, by us, and not by the host with a stack trace.
        logging.AddFilter((category, each) => each >= level
            && (isUp() || category?.StartsWith("Microsoft.", StringComparison.Ordinal) != true));
    }

    /// <summary>What keeps the server from starting, in one sentence; null if nobody has foreseen it.</summary>
    private static UsageException? Explain(Exception failure, IReadOnlyList<string> urls, string option) =>
        failure switch
        {
            { InnerException: AddressInUseException } or AddressInUseException => new UsageException(
                $"Another program listens on {string.Join(" or ", urls)} already. Stop it, or choose another address "
                + $"with {option}.", failure),
            SocketException { SocketErrorCode: SocketError.AccessDenied } => new UsageException(
                $"This user may not listen on {string.Join(" or ", urls)}. Choose a port from 1024 on with {option}.",
                failure),
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => new UsageException(
                $"This machine has no such address to listen on: {string.Join(" or ", urls)}.", failure),
            SojournException or IOException or UnauthorizedAccessException or SocketException =>
                new UsageException(failure.Message, failure),
            _ => null,
        };
}
