using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Generation;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Kinds.Streams;
using Sojourn.Server.Agents;
using Sojourn.Server.Console;
using Sojourn.Server.Events;
using Sojourn.Server.Explorer;
using Sojourn.Server.Generation;
using Sojourn.Server.Guarding;
using Sojourn.Server.Health;
using Sojourn.Server.Keys;
using Sojourn.Server.OpenApi;
using Sojourn.Server.Operating;
using Sojourn.Server.Parties;
using Sojourn.Server.Parties.Relays;
using Sojourn.Server.Play;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Server.Sessions;
using Sojourn.Server.Streams;
using static Sojourn.Server.Guarding.Handlers;
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
        services.AddSingleton<Site>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<OwnerLimits>();
        services.AddSingleton<Callers>();
        services.AddSingleton<Gate>();
        services.AddSingleton<Kind, KeyKind>();
        services.AddSingleton<Kind, LogInKind>();
        services.AddSingleton<Kind>(new StreamKind(options.Streams));
        services.AddSingleton<IHostedService, KeyUseWriter>();
        services.AddSingleton<KeyEndpoints>();
        services.AddSingleton<SessionEndpoints>();
        services.AddSingleton<CommandEndpoint>();
        services.AddSingleton<ListEndpoint>();
        services.AddSingleton<BulkEndpoint>();
        services.AddSingleton<SessionFeed>();
        services.AddSingleton<ChangesEndpoint>();
        services.AddSingleton<CareEndpoints>();
        services.AddSingleton<StatsEndpoint>();
        services.AddSingleton<OperatorEndpoints>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<GenerationEndpoints>();
        services.AddSingleton<ExplorerEndpoints>();
        services.AddSingleton<SlotEndpoints>();
        services.AddSingleton<AgentSearch>();
        services.AddSingleton<AgentEndpoints>();
        services.AddSingleton<AttachEndpoint>();
        services.AddSingleton<SeatSecrets>();
        services.AddSingleton<PartyStarts>();
        services.AddSingleton<PartyDoor>();
        services.AddSingleton<PartyFeed>();
        services.AddSingleton<RelayRegistry>();
        services.AddSingleton<RelayEndpoints>();
        services.AddSingleton<PartyNetwork>();
        services.AddSingleton<SeatCommands>();
        services.AddSingleton<SeatEndpoints>();
        services.AddSingleton<SeatSocket>();
        services.AddSingleton<RelaySocket>();
        services.AddSingleton<PartyPorts>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<PartyPorts>());
        services.AddSingleton<IHostedService, LanAnswer>();
        services.AddSingleton<OpenApiEndpoint>();
        services.AddSingleton<ConsoleLinks>();
        services.AddSingleton<LogIns>();
        services.AddSingleton<ConsoleEndpoints>();
        services.AddSingleton<ConsoleFiles>();
        AddStreams(services);
        return services;
    }

    private static void AddStreams(IServiceCollection services)
    {
        services.AddSingleton<LogReader>();
        services.AddSingleton<StreamReading>();
        services.AddSingleton<StreamAppending>();
        services.AddSingleton<StreamForks>();
        services.AddSingleton<StreamCreating>();
        services.AddSingleton<StreamEndpoints>();
        services.AddSingleton<LogEndpoints>();
        services.AddSingleton<IHostedService, ForkKeeper>();
    }

    /// <summary>
    /// Maps the whole API below <c>/v1</c>, <c>/health</c> and <c>/openapi</c>, and the console at <c>/console/</c>.
    /// </summary>
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
        ReservedNames.Check(engine);
        var table = new RouteTable(routes, services.GetRequiredService<Gate>());
        MapSessions(table, services, engine);
        MapKinds(table, routes, engine);
        MapStreams(table, services, options);
        MapKeys(table, services.GetRequiredService<KeyEndpoints>());
        MapOperating(table, services);
        if (options.ServesConsole)
        {
            MapConsole(table, services, options);
        }

        table.Map("/openapi/v1.json", ("GET", Taking(services.GetRequiredService<OpenApiEndpoint>().GetAsync)));
        table.MapOpen("/health/live", ("GET", HealthEndpoints.LiveAsync));
        table.MapOpen("/health/ready", ("GET", services.GetRequiredService<HealthEndpoints>().ReadyAsync));
        string[] rest = options.AnswersEveryPath
            ? ["{**path}"] : ["/v1/{**path}", "/health/{**path}", "/openapi/{**path}"];
        foreach (var pattern in rest)
        {
            table.MapRest(pattern, Unknown);
        }
    }

    private static void MapKinds(RouteTable table, IEndpointRouteBuilder routes, SojournEngine engine)
    {
        var services = routes.ServiceProvider;
        if (engine.Kinds.Values.Any(GenerationEndpoints.Serve))
        {
            MapGeneration(table, services.GetRequiredService<GenerationEndpoints>());
        }

        if (engine.Kinds.Values.Any(ExplorerEndpoints.Serve))
        {
            MapExplorer(table, services.GetRequiredService<ExplorerEndpoints>());
        }

        if (SlotEndpoints.Serve(engine))
        {
            var sessions = services.GetRequiredService<SessionEndpoints>();
            MapSlots(table, services.GetRequiredService<SlotEndpoints>(), sessions);
        }

        if (CloudSlotEndpoints.Serve(engine))
        {
            MapCloudSlots(table, new CloudSlotEndpoints(services.GetRequiredService<CloudSlots>()));
        }

        if (engine.Kinds.Values.Any(AgentEndpoints.Serve))
        {
            var attach = services.GetRequiredService<AttachEndpoint>();
            attach.Prepare(routes);
            var sessions = services.GetRequiredService<SessionEndpoints>();
            MapAgents(table, services.GetRequiredService<AgentEndpoints>(), attach, sessions);
        }

        if (SeatEndpoints.Serve(engine))
        {
            var socket = services.GetRequiredService<SeatSocket>();
            socket.Prepare(routes);
            MapSeats(
                table, services.GetRequiredService<SeatEndpoints>(), socket,
                services.GetRequiredService<RelaySocket>());
            MapRelays(table, services.GetRequiredService<RelayEndpoints>());
        }
    }

    private static void MapSeats(RouteTable table, SeatEndpoints seats, SeatSocket socket, RelaySocket relay)
    {
        const string seat = "/v1/party-seats/{handle}/{member}";
        table.MapOpen("/v1/party-stun", ("GET", Taking(seats.GetStunAsync)));
        table.MapOpen("/v1/party-seats", ("POST", Taking(seats.JoinAsync)));
        table.MapOpen(seat, ("GET", Taking(seats.GetAsync)));
        table.MapOpen($"{seat}/network", ("GET", Taking(seats.GetNetworkAsync)));
        table.MapOpen($"{seat}/live", ("GET", Taking(socket.OpenAsync)));
        table.MapOpen($"{seat}/relay", ("GET", Taking(relay.OpenAsync)));
        table.MapOpen($"{seat}/{{command}}", ("POST", Taking(seats.SendAsync)));
    }

    private static void MapRelays(RouteTable table, RelayEndpoints relays)
    {
        table.Map(RelayEndpoints.Path, ("GET", AdminsOnly(Taking(relays.ListAsync))));
        table.Map($"{RelayEndpoints.Path}/{{name}}/key", ("GET", AdminsOnly(Taking(relays.GetKeyAsync))));
        table.MapOpen($"{RelayEndpoints.Path}/{{name}}", ("PUT", Taking(relays.ReportAsync)));
    }

    private static void MapSessions(RouteTable table, IServiceProvider services, SojournEngine engine)
    {
        var sessions = services.GetRequiredService<SessionEndpoints>();
        var list = services.GetRequiredService<ListEndpoint>();
        var events = services.GetRequiredService<EventsEndpoint>();
        var logs = services.GetRequiredService<LogEndpoints>();
        var bulk = services.GetRequiredService<BulkEndpoint>();
        var care = services.GetRequiredService<CareEndpoints>();
        table.Map("/v1/{kind}",
            ("GET", Listing(list.ListAsync, ListEndpoint.Parameters)),
            ("POST", Own(sessions.CreateAsync, "label")));
        (string Method, Handler Handler)[] session =
        [
            ("GET", Own(sessions.GetAsync)),
            ("PUT", Own(sessions.GetOrCreateAsync, "label", "fresh")),
            ("DELETE", Own(sessions.RemoveAsync)),
        ];
        table.Map("/v1/{kind}/{id}", session);
        // A session may be called so as well; only a POST is for many.
        table.Map("/v1/{kind}/bulk",
            [.. session.Select(each => (each.Method, WithId("bulk", each.Handler))), ("POST", Own(bulk.RunAsync))]);
        table.Map("/v1/sessions", ("GET", Listing(list.ListAllAsync, [.. ListEndpoint.Parameters, "kind"])));
        table.Map("/v1/sessions/count",
            ("GET", Listing(list.CountAsync, [.. SessionFilter.Parameters, "kind", "atMost"])));
        table.Map("/v1/sessions/changes",
            ("GET", Listing(services.GetRequiredService<ChangesEndpoint>().FollowAsync, "kind", "id")));
        table.Map("/v1/{kind}/{id}/touch", ("POST", Own(care.TouchAsync)));
        table.Map("/v1/{kind}/{id}/labels", ("PUT", Own(care.LabelAsync)));
        table.Map("/v1/{kind}/{id}/restore", ("POST", AdminsOnly(Own(care.RestoreAsync))));
        table.Map("/v1/{kind}/{id}/events", (
            "GET", LogEndpoints.OrLive(OfOwner(logs.ReadEventsAsync), Own(events.ReadAsync, "offset", "limit"))));
        table.MapAll("/v1/{kind}/{id}/{command}",
            OrElseUnknown(engine, Own(services.GetRequiredService<CommandEndpoint>().SendAsync)));

        static Handler Own(Handler handler, params string[] parameters) =>
            OfOwner(Taking(handler, [.. parameters, "owner"]));

        static Handler Listing(Handler handler, params string[] parameters) =>
            OfOwners(Taking(handler, [.. parameters, "owner"]));
    }

    private static void MapStreams(RouteTable table, IServiceProvider services, SojournServerOptions options)
    {
        var logs = services.GetRequiredService<LogEndpoints>();
        table.Map("/v1/{kind}/{id}/streams/{name}", ("GET", OfOwner(logs.ReadAsync)));
        var pattern = options.StreamsPath + "/{**name}";
        table.MapAll(pattern, services.GetRequiredService<StreamEndpoints>().HandleAsync);
        table.MapPreflight(pattern, StreamEndpoints.PreflightAsync);
    }

    private static void MapKeys(RouteTable table, KeyEndpoints keys)
    {
        table.Map("/v1/keys",
            ("GET", AdminsOnly(Taking(keys.ListAsync, "limit", "cursor"))),
            ("POST", AdminsOnly(Taking(keys.MakeAsync))));
        table.Map("/v1/keys/{id}", ("DELETE", AdminsOnly(Taking(keys.RevokeAsync))));
    }

    private static void MapOperating(RouteTable table, IServiceProvider services)
    {
        var operating = services.GetRequiredService<OperatorEndpoints>();
        table.Map("/v1/stats", ("GET", Taking(services.GetRequiredService<StatsEndpoint>().GetAsync, "owner")));
        table.Map("/v1/admin/backup", ("POST", AdminsOnly(Taking(operating.BackUpAsync))));
        table.Map("/v1/admin/verify", ("POST", AdminsOnly(Taking(operating.VerifyAsync))));
        table.Map("/v1/admin/clean-up", ("POST", AdminsOnly(Taking(operating.CleanUpAsync))));
    }

    private static void MapConsole(RouteTable table, IServiceProvider services, SojournServerOptions options)
    {
        var console = services.GetRequiredService<ConsoleEndpoints>();
        table.Map("/console/links", ("POST", Taking(console.MakeLinkAsync)));
        table.MapOpen("/console/login", ("POST", Taking(console.LogInAsync)));
        table.Map("/console/logout", ("POST", Taking(console.LogOutAsync)));
        table.Map("/console/me", ("GET", Taking(ConsoleEndpoints.TellAsync)));
        table.MapOpen("/console/{**path}", ("GET", services.GetRequiredService<ConsoleFiles>().SendAsync));
        if (options.AnswersEveryPath)
        {
            table.MapOpen("/", ("GET", ConsoleFiles.RedirectAsync));
        }
    }

    private static void MapGeneration(RouteTable table, GenerationEndpoints generation)
    {
        const string session = $"/v1/{GenerationKind.KindName}/{{id}}";
        table.Map($"{session}/storyboard.zip", ("GET", OfOwner(generation.SendArchiveAsync)));
        table.Map($"{session}/storyboard.html", ("GET", OfOwner(generation.SendPageAsync)));
        table.Map($"{session}/scenes/{{number}}/picture", ("GET", OfOwner(generation.SendPictureAsync)));
    }

    private static void MapExplorer(RouteTable table, ExplorerEndpoints explorer)
    {
        const string session = $"/v1/{ExplorerKind.KindName}/{{id}}";
        table.Map($"{session}/options", ("GET", OfOwner(Taking(explorer.SendOptionsAsync, "owner"))));
        table.Map($"{session}/map", ("GET", OfOwner(Taking(explorer.SendMapAsync, "owner"))));
    }

    private static void MapSlots(RouteTable table, SlotEndpoints slots, SessionEndpoints sessions)
    {
        const string kind = ExplorerKind.KindName;
        const string session = $"/v1/{kind}/{{id}}";
        const string slot = $"{session}/slots/{{slot}}";
        table.Map($"{session}/slots", ("GET", Own(slots.ListAsync)));
        table.Map(slot, ("PUT", Own(slots.SaveAsync)), ("DELETE", Own(slots.RemoveAsync)));
        table.Map($"{slot}/load", ("POST", Own(slots.LoadAsync)));
        table.Map($"{slot}/restore", ("POST", Own(slots.RestoreAsync)));
        table.Map($"{slot}/export", ("GET", Own(slots.ExportAsync, "generation")));
        table.Map($"{session}/import", ("POST", Own(slots.ImportAsync, "slot")));
        // A game may be called so as well; only a POST is for all.
        table.Map($"/v1/{kind}/save-all",
            ("GET", Named(kind, "save-all", Own(sessions.GetAsync))),
            ("PUT", Named(kind, "save-all", Own(sessions.GetOrCreateAsync, "label", "fresh"))),
            ("DELETE", Named(kind, "save-all", Own(sessions.RemoveAsync))),
            ("POST", Own(slots.SaveAllAsync, "cursor")));

        static Handler Own(Handler handler, params string[] parameters) =>
            OfOwner(Taking(handler, [.. parameters, "owner"]));
    }

    private static void MapCloudSlots(RouteTable table, CloudSlotEndpoints slots)
    {
        const string slot = "/v1/play-slots/{game}/{saveSlot}";
        string[] details = [.. CloudDetails.Parameters.Select(parameter => parameter.Name)];
        table.Map("/v1/play-slots", ("GET", Own(slots.ListAsync)));
        table.Map("/v1/play-slots/{game}", ("GET", Own(slots.ListAsync)));
        table.Map(slot,
            ("GET", Own(slots.DownloadAsync, "generation")),
            ("PUT", Own(slots.UploadAsync, [.. details, "force"])),
            ("DELETE", Own(slots.RemoveAsync)));
        table.Map($"{slot}/metadata", ("GET", Own(slots.DescribeAsync)));
        table.Map($"{slot}/restore", ("POST", Own(slots.RestoreAsync, "generation")));
        table.Map($"{slot}/screenshot",
            ("GET", Own(slots.SendScreenshotAsync, "generation")),
            ("PUT", Own(slots.AttachScreenshotAsync)));

        static Handler Own(Handler handler, params string[] parameters) =>
            OfOwner(Taking(handler, [.. parameters, "owner"]));
    }

    private static void MapAgents(
        RouteTable table, AgentEndpoints agents, AttachEndpoint attach, SessionEndpoints sessions)
    {
        const string kind = AgentKind.KindName;
        const string session = $"/v1/{kind}/{{id}}";
        MapWord("profiles", Own(agents.ListProfilesAsync));
        MapWord("search", Own(agents.SearchAsync, AgentEndpoints.SearchParameters));
        table.Map($"{session}/screen", ("GET", Own(agents.SendScreenAsync)));
        table.Map($"{session}/input", ("POST", Own(agents.TypeAsync)));
        table.Map($"{session}/fork", ("POST", Own(agents.ForkAsync)));
        table.Map($"{session}/attach", ("GET", Own(attach.AttachAsync)));

        // No agent can be called so, and whoever tries is told by the rules.
        void MapWord(string word, Handler handler) => table.Map($"/v1/{kind}/{word}",
            ("GET", handler),
            ("PUT", Named(kind, word, Own(sessions.GetOrCreateAsync, "label", "fresh"))),
            ("DELETE", Named(kind, word, Own(sessions.RemoveAsync))));

        static Handler Own(Handler handler, params string[] parameters) =>
            OfOwner(Taking(handler, [.. parameters, "owner"]));
    }

    /// <summary>For a session whose id stands for something else in its place.</summary>
    private static Handler Named(string kind, string id, Handler handler) => (context, caller) =>
    {
        context.Request.RouteValues["kind"] = kind;
        return WithId(id, handler)(context, caller);
    };

    /// <summary>
    /// A path that names a command has one method; what is no command is no path, but for those who POST to it.
    /// </summary>
    private static Handler OrElseUnknown(SojournEngine engine, Handler send) => (context, caller) =>
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            return send(context, caller);
        }

        return Route.ReadSession(context, caller.Owner, engine, out var kind, out _) is { } problem
            ? new(problem)
            : kind.Commands.ContainsKey((string)context.Request.RouteValues["command"]!)
                ? new(Methods.NotAllowed(context.Request.Method, "POST"))
                : Unknown(context, caller);
    };

    private static ValueTask<HttpProblem?> Unknown(HttpContext context, Caller caller) =>
        new(new HttpProblem(HttpProblemTypes.UnknownRoute,
            "There is nothing at this path. Sessions are at /v1/{kind}/{id}; docs/http.md lists all paths."));
}
