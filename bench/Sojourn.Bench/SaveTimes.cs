using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Sqlite;

namespace Sojourn.Bench;

/// <summary>
/// Saving and loading one save, beside what most games do, a plain file that is overwritten, and beside SQLite with every
/// commit flushed. The three take turns, save by save.
/// </summary>
internal static class SaveTimes
{
    private static readonly SlotName Slot = SlotName.Number(0);

    public static async Task RunAsync(double seconds)
    {
        Console.WriteLine("saves: milliseconds, p50 and p99; text as a game's JSON, half of it random digits");
        (string Name, int Bytes, int Rounds, (double Save, double Load)? Limits)[] sizes =
        [
            ("10 KB", 10_000, 400, (100, 10)),
            ("1 MB", 1_000_000, 100, (500, 100)),
            ("50 MB", 50_000_000, 10, (20_000, 5_000)),
        ];
        foreach (var (name, bytes, rounds, limits) in sizes)
        {
            var directory = Directory.CreateTempSubdirectory("sojourn-bench-");
            try
            {
                await RunAsync(name, Text(bytes), Math.Max(3, (int)(rounds * seconds / 2)), limits, directory.FullName);
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }
    }

    private static async Task RunAsync(
        string name, string text, int rounds, (double Save, double Load)? limits, string directory)
    {
        SqliteLibrary.EnsureLoaded();
        var times = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var plain = Path.Combine(directory, "plain.json");
        using var sqlite = new OneRow(Path.Combine(directory, "saves.db"));
        await using var slots = await SaveSlots.OpenAsync(Path.Combine(directory, "saves"));
        await using var bare = await SaveSlots.OpenAsync(
            Path.Combine(directory, "bare"), new SaveSlotsOptions { Compress = false });
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var details = new SaveDetails { Callsign = "Maverick" };
        // The first of everything is compiled and makes its files.
        for (var round = -2; round < rounds; round++)
        {
            var isCounted = round >= 0;
            var content = SaveContent.Of("game", bytes);
            await TimeAsync("save, File.WriteAllText, unsafe", () => File.WriteAllTextAsync(plain, text));
            await TimeAsync("save, SQLite", () => Task.Run(() => sqlite.Save(bytes)));
            await TimeAsync("save, SaveSlots uncompressed", () => bare.SaveAsync(Slot, content, details));
            await TimeAsync("save, SaveSlots", () => slots.SaveAsync(Slot, content, details));
            await TimeAsync("load, File.ReadAllText", () => File.ReadAllTextAsync(plain));
            await TimeAsync("load, SQLite", () => Task.Run(sqlite.Load));
            await TimeAsync("load, SaveSlots uncompressed", () => bare.LoadAsync(Slot));
            await TimeAsync("load, SaveSlots", () => slots.LoadAsync(Slot));
            await TimeAsync("validate, SaveSlots", () => slots.ValidateAsync(Slot));
            await TimeAsync("list, SaveSlots", () => slots.ListAsync());

            async Task TimeAsync(string what, Func<Task> work)
            {
                var began = Stopwatch.GetTimestamp();
                await work();
                if (isCounted)
                    (times.TryGetValue(what, out var list) ? list : times[what] = []).Add(
                        Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}, {rounds} rounds"));
        foreach (var (what, measured) in times)
            Tell(what, measured, LimitOf(what, name, limits));
    }

    private static double? LimitOf(string what, string size, (double Save, double Load)? limits) => what switch
    {
        "save, SaveSlots" => limits?.Save,
        "load, SaveSlots" => limits?.Load,
        // The only one of these figures that a requirement names; it means the save of an ordinary game.
        "validate, SaveSlots" when size == "10 KB" => 10,
        _ => null,
    };

    private static void Tell(string what, List<double> measured, double? limit)
    {
        measured.Sort();
        var (p50, p99) = (measured[measured.Count / 2], measured[(int)(measured.Count * 0.99)]);
        var verdict = limit is not { } most ? ""
            : string.Create(CultureInfo.InvariantCulture, $"   p99 at most {most:N0}: {(p99 <= most ? "met" : "MISSED")}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"    {what,-34} {p50,10:N2} {p99,10:N2}{verdict}"));
    }

    /// <summary>Half of it compresses well, half of it hardly, as names and figures do.</summary>
    private static string Text(int length)
    {
        var chance = new Random(1);
        var text = new System.Text.StringBuilder(length + 64);
        while (text.Length < length)
            text.Append(CultureInfo.InvariantCulture, $"\"ship-{chance.Next(100)}\":{{\"hull\":{chance.NextInt64(1L << 60)}}},\n");
        return text.ToString(0, length);
    }

    /// <summary>A save as a row that is replaced; each commit is flushed.</summary>
    private sealed class OneRow : IDisposable
    {
        private readonly SqliteConnection _connection;

        public OneRow(string file)
        {
            _connection = new SqliteConnection($"Data Source={file};Pooling=False");
            _connection.Open();
            Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                + "CREATE TABLE save (slot INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, bytes BLOB NOT NULL);");
        }

        public void Save(byte[] bytes)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "INSERT OR REPLACE INTO save VALUES (0, $hash, $bytes)";
            command.Parameters.AddWithValue("$hash", SHA256.HashData(bytes));
            command.Parameters.AddWithValue("$bytes", bytes);
            command.ExecuteNonQuery();
        }

        public byte[] Load()
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT bytes FROM save WHERE slot = 0";
            return (byte[])command.ExecuteScalar()!;
        }

        public void Dispose() => _connection.Dispose();

        private void Run(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
