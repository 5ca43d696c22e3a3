using Microsoft.Data.Sqlite;

namespace Sojourn.Sqlite;

/// <summary>The tables, and which version of them a file has.</summary>
internal static class Schema
{
    /// <summary>In the file's <c>user_version</c>. A file with a higher one is refused and left untouched.</summary>
    public const int Version = 1;

    /// <summary>
    /// "Sojn" in the file's <c>application_id</c>, so that no other program's file is taken for ours.
    /// </summary>
    private const int ApplicationId = 0x536F6A6E;

    // Sessions are numbered for good: a list that is read page by page never meets one twice. Entries lie in the order
    // in which they came, which makes a commit touch few pages; the index finds them by session.
    private const string Tables = """
        CREATE TABLE session (
            number      INTEGER PRIMARY KEY AUTOINCREMENT,
            kind        TEXT NOT NULL,
            owner       TEXT NOT NULL,
            id          TEXT NOT NULL,
            version     INTEGER NOT NULL,
            status      TEXT NOT NULL,
            busy        INTEGER NOT NULL,
            due         INTEGER,
            lease_node  TEXT,
            lease_term  INTEGER NOT NULL DEFAULT 0,
            lease_until INTEGER NOT NULL DEFAULT 0,
            header      BLOB NOT NULL,
            state       BLOB NOT NULL
        );
        CREATE UNIQUE INDEX session_by_key ON session (kind, owner, id);
        CREATE INDEX session_by_age ON session (kind, owner, number);
        CREATE INDEX session_by_status ON session (kind, owner, status, number);
        CREATE INDEX session_due ON session (due) WHERE due IS NOT NULL;
        CREATE INDEX session_busy ON session (kind, number) WHERE busy = 1;

        CREATE TABLE entry (
            place   INTEGER PRIMARY KEY,
            session INTEGER NOT NULL,
            stream  TEXT NOT NULL,
            number  INTEGER NOT NULL,
            bytes   BLOB NOT NULL
        );
        CREATE UNIQUE INDEX entry_by_number ON entry (session, stream, number);

        CREATE TABLE operation (
            place   INTEGER PRIMARY KEY,
            session INTEGER NOT NULL,
            id      TEXT NOT NULL,
            at      INTEGER NOT NULL,
            record  BLOB NOT NULL
        );
        CREATE UNIQUE INDEX operation_by_id ON operation (session, id);

        CREATE TABLE probe (only INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        """;

    /// <summary>Makes the tables in a new file; refuses one that is not ours or from a newer version.</summary>
    /// <exception cref="SojournException">The file cannot be used; it is as it was.</exception>
    public static void Ensure(SqliteConnection connection, string file)
    {
        var application = connection.ReadLong("PRAGMA application_id");
        var version = connection.ReadLong("PRAGMA user_version");
        var isNew = application == 0 && version == 0
            && connection.ReadLong("SELECT count(*) FROM sqlite_master") == 0;
        if (isNew)
        {
            connection.Run($"BEGIN IMMEDIATE; {Tables} PRAGMA application_id = {ApplicationId}; "
                + $"PRAGMA user_version = {Version}; COMMIT;");
        }
        else if (application != ApplicationId)
        {
            throw new SojournException(
                $"'{file}' is an SQLite database, but not one of Sojourn's. Choose another data directory.");
        }
        else if (version > Version)
        {
            throw new SojournException(
                $"'{file}' was written by a newer Sojourn (format {version}; this one knows {Version}). "
                + "It was left untouched; use that version, or newer.");
        }
    }
}
