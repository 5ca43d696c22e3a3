using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>The tables, and which version of them a file has.</summary>
internal static class Schema
{
    /// <summary>In the file's <c>user_version</c>. A file with a higher one is refused and left untouched.</summary>
    public const int Version = 2;

    // What a step that only changes the state has to touch decides how fast the store is: one page of the session
    // table, whatever indexes there are, because none of them has a column that such a step changes. An index by the
    // time of the last step would double what a step writes. "seen" is that time in tens of minutes, which costs less
    // than a twentieth (7.4 KiB a step instead of 7.2, in batches of 100 on 10,000 sessions; in minutes it was 8.4);
    // who asks for the least recently used looks through the last ten minutes of them.
    // A change of status rewrites three indexes (16 KiB) where the first format rewrote two; a creation costs the same.
    public const string Tables = """
        CREATE TABLE session (
            number  INTEGER PRIMARY KEY,
            kind    TEXT NOT NULL,
            owner   TEXT NOT NULL,
            id      TEXT NOT NULL,
            version INTEGER NOT NULL,
            status  TEXT NOT NULL,
            busy    INTEGER NOT NULL,
            final   INTEGER NOT NULL,
            created INTEGER NOT NULL,
            active  INTEGER NOT NULL,
            seen    INTEGER NOT NULL,
            since   INTEGER NOT NULL,
            expires INTEGER,
            due     INTEGER,
            term    INTEGER NOT NULL,
            size    INTEGER NOT NULL,
            header  BLOB NOT NULL,
            state   BLOB NOT NULL
        );
        CREATE UNIQUE INDEX session_by_key ON session (kind, owner, id);
        CREATE INDEX session_by_status ON session (kind, owner, status, busy, final, number);
        CREATE INDEX session_due ON session (kind, due) WHERE due IS NOT NULL;
        CREATE INDEX session_free ON session (kind, final, number) WHERE busy = 0;
        CREATE INDEX session_seen ON session (kind, final, seen) WHERE busy = 0;

        CREATE TABLE label (
            name    TEXT NOT NULL,
            value   TEXT NOT NULL,
            session INTEGER NOT NULL,
            PRIMARY KEY (name, value, session)
        ) WITHOUT ROWID;
        CREATE INDEX label_by_session ON label (session);

        CREATE TABLE chunk (
            place   INTEGER PRIMARY KEY,
            session INTEGER NOT NULL,
            stream  TEXT NOT NULL,
            first   INTEGER NOT NULL,
            last    INTEGER NOT NULL,
            bytes   BLOB NOT NULL
        );
        CREATE UNIQUE INDEX chunk_by_last ON chunk (session, stream, last);

        CREATE TABLE operation (
            place   INTEGER PRIMARY KEY,
            session INTEGER NOT NULL,
            id      TEXT NOT NULL,
            at      INTEGER NOT NULL,
            record  BLOB NOT NULL
        );
        CREATE UNIQUE INDEX operation_by_id ON operation (session, id);

        CREATE TABLE snapshot (
            place   INTEGER PRIMARY KEY,
            session INTEGER NOT NULL,
            version INTEGER NOT NULL,
            at      INTEGER NOT NULL,
            header  BLOB NOT NULL,
            state   BLOB NOT NULL
        );
        CREATE UNIQUE INDEX snapshot_by_version ON snapshot (session, version);

        CREATE TABLE tally (
            kind     TEXT NOT NULL,
            owner    TEXT NOT NULL,
            status   TEXT NOT NULL,
            busy     INTEGER NOT NULL,
            final    INTEGER NOT NULL,
            sessions INTEGER NOT NULL,
            size     INTEGER NOT NULL,
            PRIMARY KEY (kind, owner, status, busy, final)
        ) WITHOUT ROWID;
        CREATE TABLE age (
            kind     TEXT NOT NULL,
            hour     INTEGER NOT NULL,
            sessions INTEGER NOT NULL,
            PRIMARY KEY (kind, hour)
        ) WITHOUT ROWID;

        CREATE TABLE quarantine (
            place  INTEGER PRIMARY KEY,
            kind   TEXT NOT NULL,
            owner  TEXT NOT NULL,
            id     TEXT NOT NULL,
            at     INTEGER NOT NULL,
            reason TEXT NOT NULL,
            open   INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX quarantine_open ON quarantine (kind, owner, id) WHERE open = 1;
        CREATE TABLE quarantine_piece (
            quarantine INTEGER NOT NULL,
            what       TEXT NOT NULL,
            bytes      BLOB NOT NULL,
            PRIMARY KEY (quarantine, what)
        ) WITHOUT ROWID;

        CREATE TABLE mark (only INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE probe (only INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        """;

    /// <summary>
    /// "Sojn" in the file's <c>application_id</c>, so that no other program's file is taken for ours.
    /// </summary>
    private const int ApplicationId = 0x536F6A6E;

    /// <summary>True if this version, or a newer one with the same number, wrote it.</summary>
    public static bool IsCurrent(SqliteConnection connection) =>
        connection.ReadLong("PRAGMA application_id") == ApplicationId
        && connection.ReadLong("PRAGMA user_version") == Version;

    /// <summary>Makes the tables in a new file.</summary>
    public static void Make(SqliteConnection connection) => connection.Run(
        $"BEGIN IMMEDIATE; {Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT;");

    /// <summary>
    /// Compares the tables of a file of this version with what they should be: SQLite believes whatever the file says.
    /// </summary>
    /// <exception cref="DamagedRecordException">They are others.</exception>
    public static void EnsureWhole(SqliteConnection connection)
    {
        using var memory = new SqliteConnection("Data Source=:memory:;Pooling=False");
        memory.Open();
        memory.Run(Tables);
        if (!Describe(memory).IsSubsetOf(Describe(connection)))
        {
            throw new DamagedRecordException("its tables are not as they were made");
        }
    }

    /// <summary>
    /// Makes the tables in a new file, migrates an older one, and refuses one that is not ours or from a newer version.
    /// </summary>
    /// <exception cref="SojournException">The file cannot be used; it is as it was.</exception>
    public static void Ensure(SqliteConnection connection, string file)
    {
        var application = connection.ReadLong("PRAGMA application_id");
        var version = connection.ReadLong("PRAGMA user_version");
        var isNew = application == 0 && version == 0
            && connection.ReadLong("SELECT count(*) FROM sqlite_master") == 0;
        if (isNew)
        {
            Make(connection);
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
        else if (version < Version)
        {
            // All or nothing: a crash in between leaves the file as the older version wrote it.
            connection.Run("BEGIN IMMEDIATE");
            Migration.FromFirst(connection);
            connection.Run($"PRAGMA user_version = {Version}; COMMIT;");
        }
    }

    private static HashSet<string> Describe(SqliteConnection connection)
    {
        using var schema = new Statement(
            connection, "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_master");
        return [.. schema.All(row => row.GetString(0))];
    }
}
