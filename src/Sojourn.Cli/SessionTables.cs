using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Sojourn.Cli;

using Sojourn.Client;

/// <summary>Sessions as people like to read them. Everything goes in as text, nothing as markup.</summary>
internal static class SessionTables
{
    public static Table Plain(params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = TableBorder.Simple, ShowHeaders = columns.Length > 0 };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        return table;
    }

    public static Text Cell(string? text) => new(PlainText.Line(text));

    public static Text Status(Session session) => new(PlainText.Line(session.Status), new Style(session switch
    {
        { Busy: true } => Color.Yellow,
        { Status: "failed" } => Color.Red,
        { Final: true } => Color.Green,
        _ => Color.Default,
    }));

    public static Table List(IEnumerable<Session> sessions, DateTimeOffset now, bool areOfAllKinds = false)
    {
        var table = Plain("ID", "STATUS", "VERSION", "ACTIVE", "EXPIRES", "LABELS");
        foreach (var session in sessions)
        {
            table.AddRow(
                Cell(areOfAllKinds ? SessionAddress.Of(session).ToString() : session.Id),
                Status(session),
                Cell(session.Version.ToString(CultureInfo.InvariantCulture)),
                Cell(Span(now - session.LastActivityAt) + " ago"),
                Cell(session.ExpiresAt is { } expires ? "in " + Span(expires - now) : "never"),
                Cell(Labels(session)));
        }

        return table;
    }

    public static Table Keys(IEnumerable<ServerKey> keys, DateTimeOffset now)
    {
        var table = Plain("ID", "OWNER", "NAME", "RIGHTS", "STATUS", "USED", "EXPIRES");
        foreach (var key in keys)
        {
            table.AddRow(
                Cell(key.Id),
                Cell(key.Owner),
                Cell(key.Name),
                Cell(key.Admin ? "admin" : ""),
                Cell(key.Status),
                Cell(key.LastUsedAt is { } used ? Span(now - used) + " ago" : "never"),
                Cell(key.ExpiresAt is { } end && key.Status == "good" ? "in " + Span(end - now) : ""));
        }

        return table;
    }

    public static Grid Details(Session session)
    {
        var grid = new Grid().AddColumn().AddColumn();
        Row("id", Cell(session.Id));
        Row("kind", Cell(session.Kind));
        Row("owner", Cell(session.Owner));
        Row("status", Status(session));
        Row("version", Cell(session.DurableVersion == session.Version
            ? $"{session.Version}" : $"{session.Version} (durable: {session.DurableVersion})"));
        Row("last event", Cell(session.LastEvent));
        Row("created", Cell(Moment(session.CreatedAt)));
        Row("last active", Cell(Moment(session.LastActivityAt)));
        Row("expires", Cell(session.ExpiresAt is { } expires ? Moment(expires) : "never"));
        Row("labels", Cell(Labels(session)));
        foreach (var (name, stream) in session.Streams)
            Row("stream", Cell(string.Create(CultureInfo.InvariantCulture,
                $"{name}: entries {stream.First} to {stream.Last}, {stream.Bytes:N0} bytes")));
        return grid;

        void Row(string name, Text value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), value);
    }

    /// <summary>Indented JSON, safe for a terminal.</summary>
    public static string Json(JsonElement json) => PlainText.Lines(JsonSerializer.Serialize(json, CliJson.Document));

    /// <summary>The largest unit alone says enough: <c>3 h</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => $"{span.TotalDays:0} d",
        { TotalHours: >= 2 } => $"{span.TotalHours:0} h",
        { TotalMinutes: >= 2 } => $"{span.TotalMinutes:0} min",
        _ => $"{Math.Max(0, span.TotalSeconds):0} s",
    };

    public static string Moment(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Labels(Session session) =>
        string.Join(", ", session.Labels.Select(label => $"{label.Key}:{label.Value}"));
}
