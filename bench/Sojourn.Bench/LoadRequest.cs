using System.Text;

namespace Sojourn.Bench;

/// <summary>A request as it goes over the wire.</summary>
internal static class LoadRequest
{
    /// <param name="port">Of the server, on loopback.</param>
    /// <param name="key">The key.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, with its query.</param>
    /// <param name="body">The body.</param>
    /// <param name="accept">What may be answered.</param>
    /// <param name="type">Of the body.</param>
    /// <param name="more">More header lines, each with its end.</param>
    public static byte[] Of(
        int port, string key, string method, string path, string body = "", string accept = "*/*",
        string type = "application/json", string more = "") =>
        Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\nAccept: {accept}\r\n"
            + $"Content-Type: {type}\r\n{more}Content-Length: {body.Length}\r\n\r\n{body}");
}
