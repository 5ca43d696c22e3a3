using System.Text.Json;

namespace Sojourn.Server.Json;

/// <summary>A session as it goes to clients.</summary>
internal static class SessionJson
{
    /// <summary>Writes it, with its state if it has one and <paramref name="kind"/> says of which type.</summary>
    public static void Write(Utf8JsonWriter json, SessionView view, KindDescription? kind)
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
        if (kind is not null && view.State is { } state)
        {
            WriteStreams(json, view);
            json.WritePropertyName("state"u8);
            JsonSerializer.Serialize(json, state, kind.StateType, SojournJson.Options);
        }

        json.WriteEndObject();
    }

    private static void WriteStreams(Utf8JsonWriter json, SessionView view)
    {
        json.WriteStartObject("streams"u8);
        foreach (var (name, tail) in view.Streams)
        {
            json.WriteStartObject(name);
            json.WriteNumber("first"u8, tail.First);
            json.WriteNumber("last"u8, tail.Last);
            json.WriteNumber("bytes"u8, tail.Marks.Sum(mark => mark.Bytes));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
