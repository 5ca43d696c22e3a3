using Microsoft.AspNetCore.Http;
using Sojourn.Server.Console;
using Sojourn.Server.Keys;

namespace Sojourn.Server.Guarding;

/// <summary>Finds who asks: by the key that a request carries, else by the cookie of a browser.</summary>
internal sealed class Callers(KeyRing keys, LogIns logIns, SojournServerOptions options)
{
    /// <summary>Whom a request speaks for; null if for nobody.</summary>
    /// <exception cref="SojournException">The store cannot be read.</exception>
    public ValueTask<Caller?> FindAsync(HttpRequest request) =>
        request.Headers.Authorization.Count == 0 && options.ServesConsole
            && ConsoleCookie.TryRead(request, out var text)
            ? logIns.FindAsync(text) : keys.FindAsync(request.Headers.Authorization);
}
