using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Kinds.Generation;
using Sojourn.Server.Events;
using Sojourn.Server.Generation;
using Sojourn.Server.Guarding;
using Sojourn.Server.Health;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Server.Sessions;
using Route = Sojourn.Server.Requests.Route;

namespace Sojourn.Server;

/// <summary>Puts the engine's sessions on HTTP, as docs/http.md says.</summary>
public static class SojournServer
{
    /// <summary>Adds what <see cref="MapSojourn"/> needs. The engine itself comes with <c>AddSojourn</c>.</summary>
    public static IServiceCollection AddSojournServer(
        this IServiceCollection services, Action<SojournServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new SojournServerOptions();
        configure?.Invoke(options);
        services.AddRouting();
        services.AddSingleton(options);
        services.AddSingleton<Gate>();
        services.AddSingleton<SessionEndpoints>();
        services.AddSingleton<CommandEndpoint>();
        services.AddSingleton<ListEndpoint>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<GenerationEndpoints>();
        return services;
    }

    /// <summary>Maps the whole API below <c>/v1</c> and <c>/health</c>.</summary>
    /// <exception cref="SojournException">The options cannot be used; the message names all that is wrong.</exception>
    public static void MapSojourn(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var services = routes.ServiceProvider;
        var options = services.GetRequiredService<SojournServerOptions>();
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new SojournException($"The server's options cannot be used: {string.Join(" ", faults)}");
        }

        var engine = services.GetRequiredService<SojournEngine>();
        var table = new RouteTable(routes, services.GetRequiredService<Gate>());
        MapSessions(table, services, engine);
        if (engine.Kinds.TryGetValue(GenerationKind.KindName, out var kind)
            && kind.StateType == typeof(Kinds.Generation.Generation))
        {
            MapGeneration(table, services.GetRequiredService<GenerationEndpoints>());
        }

        table.MapOpen("/health/live", ("GET", HealthEndpoints.LiveAsync));
        table.MapOpen("/health/ready", ("GET", services.GetRequiredService<HealthEndpoints>().ReadyAsync));
        string[] rest = options.AnswersEveryPath ? ["{**path}"] : ["/v1/{**path}", "/health/{**path}"];
        foreach (var pattern in rest)
        {
            table.MapRest(pattern, Unknown);
        }
    }

    private static void MapSessions(RouteTable table, IServiceProvider services, SojournEngine engine)
    {
        var sessions = services.GetRequiredService<SessionEndpoints>();
        var list = services.GetRequiredService<ListEndpoint>();
        var events = services.GetRequiredService<EventsEndpoint>();
        table.Map("/v1/{kind}",
            ("GET", Taking(list.ListAsync, "status", "limit", "cursor")),
            ("POST", Taking(sessions.CreateAsync, "label")));
        table.Map("/v1/{kind}/{id}",
            ("GET", Taking(sessions.GetAsync)),
            ("PUT", Taking(sessions.GetOrCreateAsync, "label")),
            ("DELETE", Taking(sessions.RemoveAsync)));
        table.Map("/v1/{kind}/{id}/events", ("GET", Taking(events.ReadAsync, "offset", "limit")));
        table.MapAll("/v1/{kind}/{id}/{command}",
            OrElseUnknown(engine, Taking(services.GetRequiredService<CommandEndpoint>().SendAsync)));
    }

    /// <summary>
    /// A parameter that nobody reads is refused: silently left out, a filter would show what it was to hide.
    /// </summary>
    private static Handler Taking(Handler handler, params string[] parameters) => (context, owner) =>
        Query.FindUnknown(context.Request, parameters) is { } problem ? new(problem) : handler(context, owner);

    private static void MapGeneration(RouteTable table, GenerationEndpoints generation)
    {
        const string session = $"/v1/{GenerationKind.KindName}/{{id}}";
        table.Map($"{session}/storyboard.zip", ("GET", generation.SendArchiveAsync));
        table.Map($"{session}/storyboard.html", ("GET", generation.SendPageAsync));
        table.Map($"{session}/scenes/{{number}}/picture", ("GET", generation.SendPictureAsync));
    }

    /// <summary>
    /// A path that names a command has one method; what is no command is no path, but for those who POST to it.
    /// </summary>
    private static Handler OrElseUnknown(SojournEngine engine, Handler send) => (context, owner) =>
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            return send(context, owner);
        }

        return Route.ReadSession(context, owner, engine, out var kind, out _) is { } problem
            ? new(problem)
            : kind.Commands.ContainsKey((string)context.Request.RouteValues["command"]!)
                ? new(Methods.NotAllowed(context.Request.Method, "POST"))
                : Unknown(context, owner);
    };

    private static ValueTask<HttpProblem?> Unknown(HttpContext context, OwnerId owner) =>
        new(new HttpProblem(HttpProblemTypes.UnknownRoute,
            "There is nothing at this path. Sessions are at /v1/{kind}/{id}; docs/http.md lists all paths."));
}
