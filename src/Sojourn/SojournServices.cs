using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Engine;

namespace Sojourn;

/// <summary>Adds the engine to an application.</summary>
public static class SojournServices
{
    /// <summary>
    /// Adds a <see cref="SojournEngine"/>, started and stopped with the host. Add kinds to what this returns.
    /// </summary>
    public static SojournBuilder AddSojourn(this IServiceCollection services, Action<SojournOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new SojournOptions();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Build(provider, options));
        services.AddSingleton<IHostedService, EngineHost>();
        return new SojournBuilder(services);
    }

    private static SojournEngine Build(IServiceProvider provider, SojournOptions options)
    {
        var log = provider.GetService<ILoggerFactory>()?.CreateLogger("Sojourn") ?? NullLogger.Instance;
        var parts = new EngineParts(
            options,
            [.. provider.GetServices<Kind>()],
            options.Store(provider),
            provider.GetRequiredService<TimeProvider>(),
            log);
        foreach (var driver in provider.GetServices<DriverEntry>())
        {
            parts.AddDriver(driver);
        }

        return new SojournEngine(parts);
    }
}

/// <summary>Adds kinds and their drivers.</summary>
public sealed class SojournBuilder
{
    internal SojournBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a kind, made by the application's services.</summary>
    public SojournBuilder AddKind<TKind>()
        where TKind : Kind
    {
        Services.AddSingleton<Kind, TKind>();
        return this;
    }

    /// <summary>Adds a kind that was made elsewhere.</summary>
    public SojournBuilder AddKind(Kind kind)
    {
        Services.AddSingleton(kind);
        return this;
    }

    /// <summary>Adds the driver of the kind whose state is a <typeparamref name="TState"/>.</summary>
    public SojournBuilder AddDriver<TState, TDriver>()
        where TState : class
        where TDriver : class, IDriver<TState>
    {
        Services.TryAddSingleton<TDriver>();
        return AddDriver<TState>(provider => provider.GetRequiredService<TDriver>());
    }

    /// <summary>Adds the driver of the kind whose state is a <typeparamref name="TState"/>.</summary>
    public SojournBuilder AddDriver<TState>(Func<IServiceProvider, IDriver<TState>> make)
        where TState : class
    {
        Services.AddSingleton(provider =>
        {
            var driver = make(provider);
            return new DriverEntry(
                typeof(TState), (link, stop) => driver.DriveAsync(new DrivenSession<TState>(link), stop));
        });
        return this;
    }
}

/// <summary>Starts and stops the engine with its host.</summary>
internal sealed class EngineHost(SojournEngine engine) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => engine.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync();
}
