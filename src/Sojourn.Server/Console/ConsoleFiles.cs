using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Sojourn.Server.Guarding;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Console;

/// <summary>The console's files, built into this assembly. They hold nothing that a stranger may not see.</summary>
internal sealed class ConsoleFiles
{
    // Nothing but what this server serves, no script and no style that is not a file, no frame around it.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; "
        + "img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types lit-html";

    private const string Prefix = "console/", Index = "index.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Names = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, ConsoleFile> _read = new();

    /// <summary>Sends whoever asks for the server itself to the console.</summary>
    public static ValueTask<HttpProblem?> RedirectAsync(HttpContext context, Caller nobody)
    {
        context.Response.Redirect("/console/");
        return default;
    }

    public async ValueTask<HttpProblem?> SendAsync(HttpContext context, Caller nobody)
    {
        var path = (string?)context.Request.RouteValues["path"];
        var name = Prefix + (string.IsNullOrEmpty(path) ? Index : path);
        if (!Names.Contains(name) || !Types.TryGetValue(Path.GetExtension(name), out var type))
        {
            return new(HttpProblemTypes.UnknownRoute, "The console has no such file. It begins at /console/.");
        }

        var file = _read.GetOrAdd(name, ConsoleFile.Read);
        var response = context.Response;
        response.Headers.ETag = file.ETag;
        // Asked for each time, so that a newer server is not met with an older console.
        response.Headers.CacheControl = "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (Preconditions.IsKnown(context.Request.Headers.IfNoneMatch, file.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        var isZipped = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);
        var bytes = isZipped ? file.Zipped : file.Bytes;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        if (isZipped)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        await response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        return null;
    }

    private sealed record ConsoleFile(byte[] Bytes, byte[] Zipped, string ETag)
    {
        public static ConsoleFile Read(string name)
        {
            using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            using var zipped = new MemoryStream();
            using (var zip = new GZipStream(zipped, CompressionLevel.SmallestSize))
            {
                zip.Write(bytes);
            }

            return new(bytes, zipped.ToArray(), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\"");
        }
    }
}
