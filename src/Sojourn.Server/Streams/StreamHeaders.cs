using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Streams;

/// <summary>The protocol's headers.</summary>
internal static class StreamHeaders
{
    public const string NextOffset = "Stream-Next-Offset";
    public const string UpToDate = "Stream-Up-To-Date";
    public const string Closed = "Stream-Closed";
    public const string Cursor = "Stream-Cursor";
    public const string Ttl = "Stream-TTL";
    public const string ExpiresAt = "Stream-Expires-At";
    public const string Seq = "Stream-Seq";
    public const string ForkedFrom = "Stream-Forked-From";
    public const string ForkOffset = "Stream-Fork-Offset";
    public const string ForkSubOffset = "Stream-Fork-Sub-Offset";
    public const string DataEncoding = "Stream-SSE-Data-Encoding";
    public const string ProducerId = "Producer-Id";
    public const string ProducerEpoch = "Producer-Epoch";
    public const string ProducerSeq = "Producer-Seq";
    public const string ExpectedSeq = "Producer-Expected-Seq";
    public const string ReceivedSeq = "Producer-Received-Seq";

    /// <summary>What a browser may send to a stream besides what it may send anyway.</summary>
    public const string Requested = $"Authorization, Content-Type, If-None-Match, Prefer, {Seq}, {Ttl}, {ExpiresAt}, "
        + $"{Closed}, {ProducerId}, {ProducerEpoch}, {ProducerSeq}, {ForkedFrom}, {ForkOffset}, {ForkSubOffset}";

    /// <summary>What every answer about a stream says: no page of another site is to read it.</summary>
    public static void Protect(HttpResponse response) =>
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>True if the request says that nothing follows.</summary>
    public static bool SaysClosed(HttpRequest request) =>
        string.Equals(request.Headers[Closed].ToString(), "true", StringComparison.OrdinalIgnoreCase);
}
