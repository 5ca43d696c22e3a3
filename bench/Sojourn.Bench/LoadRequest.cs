using System.Text;

namespace Sojourn.Bench;

/// <summary>A request as it goes over the wire.</summary>
internal static class LoadRequest
{
    public static byte[] Of(
        int port, string key, string method, string path, string body = "", string accept = "*/*") =>
        Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\nAccept: {accept}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
