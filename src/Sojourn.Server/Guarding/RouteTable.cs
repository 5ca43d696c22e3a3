using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sojourn.Server.Guarding;

/// <summary>Maps handlers to paths; there is no way past the gate.</summary>
internal sealed class RouteTable(IEndpointRouteBuilder routes, Gate gate)
{
    /// <summary>A path with its methods.</summary>
    public void Map(string pattern, params (string Method, Handler Handler)[] methods) =>
        routes.Map(pattern, gate.Guard(new Methods(methods).HandleAsync));

    /// <summary>A path whose handler looks at the method itself.</summary>
    public void MapAll(string pattern, Handler handler) => routes.Map(pattern, gate.Guard(handler));

    /// <summary>A path that needs no key.</summary>
    public void MapOpen(string pattern, params (string Method, Handler Handler)[] methods) =>
        routes.Map(pattern, gate.GuardWithoutKey(new Methods(methods).HandleAsync));

    /// <summary>What browsers ask before they ask: it needs no key, and may come from pages of other sites.</summary>
    public void MapPreflight(string pattern, Handler handler) =>
        routes.MapMethods(pattern, [HttpMethods.Options], gate.GuardPreflight(handler));

    /// <summary>All paths of a pattern that nothing else takes.</summary>
    public void MapRest(string pattern, Handler handler) =>
        routes.Map(pattern, gate.Guard(handler)).Add(each => ((RouteEndpointBuilder)each).Order = int.MaxValue);
}
