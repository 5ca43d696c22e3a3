using Microsoft.Extensions.DependencyInjection;

namespace Sojourn.Client;

/// <summary>Adds a client to an application.</summary>
public static class ClientServices
{
    /// <summary>The name under which <see cref="IHttpClientFactory"/> knows what carries the requests.</summary>
    public const string HttpClientName = "Sojourn.Client";

    /// <summary>
    /// Adds one <see cref="SojournClient"/> for the whole application, to be taken wherever it is needed. The clock is
    /// the application's <see cref="TimeProvider"/>, if it has one.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Says where the server is and what the key is; called at once.</param>
    /// <returns>
    /// To add handlers to the way of the requests. One that repeats requests is not needed: the client repeats by
    /// itself what may be repeated, and nothing else should be.
    /// </returns>
    public static IHttpClientBuilder AddSojournClient(
        this IServiceCollection services, Action<SojournClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new SojournClientOptions();
        configure(options);
        services.AddSingleton(provider =>
        {
            if (options.TimeProvider == TimeProvider.System && provider.GetService<TimeProvider>() is { } clock)
                options.TimeProvider = clock;
            options.HttpMessageHandler ??=
                provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(HttpClientName);
            return new SojournClient(options);
        });

        // The client lives as long as the application, so its handler must too; the sockets below renew themselves.
        return services.AddHttpClient(HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(() => ClientSocket.To(options.Url))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RedactLoggedHeaders(["Authorization"]);
    }
}
