using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sojourn.Server.Json;

/// <summary>Sends records as they are.</summary>
internal static class Wire
{
    public static ValueTask SendAsync<T>(HttpResponse response, T body)
    {
        response.ContentType = "application/json";
        var buffer = JsonBuffer.Rent();
        JsonSerializer.Serialize(buffer.Json, body, SojournJson.Options);
        return buffer.SendAsync(response);
    }
}
