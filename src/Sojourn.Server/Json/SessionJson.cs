using System.Text.Json;

namespace Sojourn.Server.Json;

/// <summary>A session as it goes to clients.</summary>
internal static class SessionJson
{
    public static void Write(Utf8JsonWriter json, SessionView view, KindDescription kind)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, view.Key.Id.ToString());
        json.WriteString("kind"u8, view.Key.Kind);
        json.WriteString("owner"u8, view.Key.Owner.ToString());
        json.WriteString("status"u8, view.Status);
        json.WriteBoolean("busy"u8, view.IsBusy);
        json.WriteBoolean("final"u8, view.IsFinal);
        json.WriteNumber("version"u8, view.Version);
        json.WriteNumber("durableVersion"u8, view.DurableVersion);
        json.WriteString("lastEvent"u8, EventOffset.LastOf(view).ToString());
        json.WriteString("createdAt"u8, view.CreatedAt.UtcDateTime);
        json.WriteString("lastActivityAt"u8, view.LastActivityAt.UtcDateTime);
        if (view.ExpiresAt is { } end)
        {
            json.WriteString("expiresAt"u8, end.UtcDateTime);
        }

        json.WriteStartObject("labels"u8);
        foreach (var (name, value) in view.Labels)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        if (view.State is { } state)
        {
            json.WritePropertyName("state"u8);
            JsonSerializer.Serialize(json, state, kind.StateType, SojournJson.Options);
        }

        json.WriteEndObject();
    }
}
