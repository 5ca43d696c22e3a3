namespace Sojourn.Sqlite;

/// <summary>What a checksum says a record belongs to.</summary>
internal static class Places
{
    public const string Mark = "mark";

    public static string State(string session, long version) => $"{session} state {version}";

    public static string Chunk(string session, string stream, long first, long last) =>
        $"{session} {stream} {first}-{last}";

    public static string Operation(string session, string id) => $"{session} operation {id}";
}
