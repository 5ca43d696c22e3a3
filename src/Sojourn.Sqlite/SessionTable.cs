using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>The session table and its labels, as the writer needs them.</summary>
internal sealed class SessionTable
{
    /// <summary>In the order in which <see cref="ReadRow"/> expects them.</summary>
    public const string Columns =
        "number, version, status, busy, final, created, active, since, expires, due, term, size";

    private readonly Statement _find;
    private readonly Statement _insert;
    private readonly Statement _update;
    private readonly Statement _setStatus;
    private readonly Statement _setSeen;
    private readonly Statement _setDue;
    private readonly Statement _setTerm;
    private readonly Statement _delete;
    private readonly Statement _bytes;
    private readonly Statement _labels;
    private readonly Statement _addLabel;
    private readonly Statement _dropLabels;

    public SessionTable(Statements statements)
    {
        _find = statements.Make($"SELECT {Columns} FROM session WHERE kind = $0 AND owner = $1 AND id = $2");
        _insert = statements.Make("""
            INSERT INTO session (number, kind, owner, id, version, status, busy, final, created, active, seen, since,
                expires, due, term, size, header, state)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """);
        // Naming a column that an index has rewrites the index, also if the value is the same: most steps need not.
        _update = statements.Make("""
            UPDATE session SET version = $1, created = $2, active = $3, since = $4, expires = $5, size = $6,
                header = $7, state = $8
            WHERE number = $0
            """);
        _setStatus = statements.Make("UPDATE session SET status = $1, busy = $2, final = $3 WHERE number = $0");
        _setSeen = statements.Make("UPDATE session SET seen = $1 WHERE number = $0");
        _setDue = statements.Make("UPDATE session SET due = $1 WHERE number = $0");
        _setTerm = statements.Make("UPDATE session SET term = $1 WHERE number = $0");
        _delete = statements.Make("DELETE FROM session WHERE number = $0");
        _bytes = statements.Make("SELECT header, state FROM session WHERE number = $0");
        _labels = statements.Make("""
            SELECT name, value FROM label INDEXED BY label_by_session WHERE session = $0
            """);
        _addLabel = statements.Make("INSERT OR REPLACE INTO label (session, name, value) VALUES ($0, $1, $2)");
        _dropLabels = statements.Make("DELETE FROM label WHERE session = $0");
    }

    public static SessionRow ReadRow(SqliteDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Version = row.GetInt64(1),
        Status = row.GetString(2),
        IsBusy = row.GetBoolean(3),
        IsFinal = row.GetBoolean(4),
        Created = row.GetInt64(5),
        Active = row.GetInt64(6),
        Since = row.GetInt64(7),
        Expires = row.IsDBNull(8) ? null : row.GetInt64(8),
        Due = row.IsDBNull(9) ? null : row.GetInt64(9),
        Term = row.GetInt64(10),
        Size = row.GetInt64(11),
    };

    /// <summary>Null if there is none.</summary>
    public SessionRow? Find(SessionKey key) =>
        _find.First(ReadRow, key.Kind, key.Owner.ToString(), key.Id.ToString());

    public void Insert(SessionKey key, SessionRow row, byte[] header, byte[] state)
    {
        _insert.Run(
            row.Number, key.Kind, key.Owner.ToString(), key.Id.ToString(), row.Version, row.Status, row.IsBusy,
            row.IsFinal, row.Created, row.Active, row.Seen, row.Since, row.Expires, row.Due, row.Term, row.Size,
            header, state);
        AddLabels(row);
    }

    /// <summary>Writes the new record, and of the indexes those that it concerns.</summary>
    public void Update(SessionRow old, SessionRow row, byte[] header, byte[] state)
    {
        var number = row.Number;
        _update.Run(number, row.Version, row.Created, row.Active, row.Since, row.Expires, row.Size, header, state);
        if (row.Status != old.Status || row.IsBusy != old.IsBusy || row.IsFinal != old.IsFinal)
        {
            _setStatus.Run(number, row.Status, row.IsBusy, row.IsFinal);
        }

        if (row.Seen != old.Seen)
        {
            _setSeen.Run(number, row.Seen);
        }

        if (row.Due != old.Due)
        {
            _setDue.Run(number, row.Due);
        }

        if (row.Term != old.Term)
        {
            _setTerm.Run(number, row.Term);
        }

        var had = old.Labels ?? Labels(number);
        if (!ReferenceEquals(had, row.Labels) && !Same(had, row.Labels!))
        {
            _dropLabels.Run(number);
            AddLabels(row);
        }
    }

    public void SetTerm(long number, long term) => _setTerm.Run(number, term);

    public void Delete(long number)
    {
        _delete.Run(number);
        _dropLabels.Run(number);
    }

    /// <summary>Header and state, as they lie there.</summary>
    public (byte[] Header, byte[] State) Bytes(long number) =>
        _bytes.First(row => (row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)), number);

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count
        && one.All(label => other.TryGetValue(label.Key, out var value) && value == label.Value);

    private Dictionary<string, string> Labels(long number) => _labels
        .All(row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), number)
        .DistinctBy(label => label.Key)
        .ToDictionary(StringComparer.Ordinal);

    private void AddLabels(SessionRow row)
    {
        foreach (var (name, value) in row.Labels!)
        {
            _addLabel.Run(row.Number, name, value);
        }
    }
}
