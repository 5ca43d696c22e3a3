using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores;

/// <summary>Files of older versions are brought to this one, whole or not at all.</summary>
public sealed class SqliteMigrationTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("sojourn-test-").FullName;

    public SqliteMigrationTests() => File.Copy(
        Path.Combine(AppContext.BaseDirectory, "Stores", "Golden", "format-1.db"), DataFile);

    private string DataFile => Path.Combine(_directory, "sojourn.db");

    [Fact]
    public async Task All_that_the_first_format_held_is_there()
    {
        await using var store = await OpenAsync();

        var full = (await store.LoadAsync(Key("full"), default))!;
        (full.Version, full.FirstEvent, full.LastEvent).ShouldBe((2, 15, 30));
        Encoding.UTF8.GetString(full.State.Span).ShouldBe("""{"id":"full","total":2}""");
        full.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => (label.Key, label.Value))
            .ShouldBe([("level", "7"), ("team", "blau & grün")]);
        (full.ExpiresAt, full.WakeAt).ShouldBe((Noon.AddHours(1), Noon.AddMinutes(5)));
        (full.Operations, full.Reported).ShouldBe((new OperationWindow(Noon, 0, 1), new DriverReport(2, 9)));
        (await store.FindOperationAsync(Key("full"), "op-1", default))!.Reply.ToArray().ShouldBe("7"u8.ToArray());
        var events = await store.ReadStreamAsync(new StreamKey(Key("full"), "events"), 0, 100, 1 << 20, default);
        events.Select(entry => Encoding.UTF8.GetString(entry.Bytes.Span))
            .ShouldBe(Enumerable.Range(15, 16).Select(i => $"events {i}"));
        (await store.ReadStreamAsync(new StreamKey(Key("full"), "pictures"), 0, 9, 1 << 20, default)).Count.ShouldBe(3);
        var big = (await store.LoadAsync(Key("big"), default))!;
        big.State.Length.ShouldBe(9002);
        (await store.ReadStreamAsync(new StreamKey(Key("big"), "events"), 0, 9, 1 << 20, default))
            .Select(entry => entry.Bytes.Length).ShouldBe([5000, 1, 1]);
        (await store.LoadAsync(Key("gone"), default)).ShouldBeNull();
        (await store.LoadAsync(new SessionKey("tally", OwnerId.Parse("other"), "plain"), default)).ShouldNotBeNull();
        var check = await store.CheckAsync(default);
        check.Damaged.ShouldBeEmpty();
        (check.Sessions, check.Entries).ShouldBe((7, 22));
    }

    [Fact]
    public async Task What_the_first_format_did_not_know_is_made_up_for()
    {
        await using var store = await OpenAsync();

        var full = (await store.LoadAsync(Key("full"), default))!;
        full.EventMarks.ShouldBe([new LogMark(15, full.LastActivityAt, 16 * "events 15".Length)]);
        var pictures = full.Tails["pictures"];
        (pictures.First, pictures.Last).ShouldBe((1, 3));
        pictures.Marks.ShouldBe([new LogMark(1, full.LastActivityAt, 3 * "pictures 1".Length)]);
        full.Bytes.ShouldBe(full.State.Length + (16 * "events 15".Length) + (3 * "pictures 1".Length));
        var census = await store.CensusAsync(default);
        census.ByStatus.Sum(count => count.Sessions).ShouldBe(7);
        census.ByAge.ShouldBe([new AgeCount("counter", Noon, 1), new AgeCount("tally", Noon, 6)]);
        var labelled = new SessionQuery { Labels = new Dictionary<string, string> { ["team"] = "blau & grün" } };
        (await store.ListAsync(labelled, default)).Sessions.Single().Key.ShouldBe(Key("full"));
    }

    [Fact]
    public async Task Terms_and_numbers_go_on_from_where_they_were()
    {
        await using var store = await OpenAsync();

        store.Applied.ShouldBe(new JournalPosition(0, 9));
        var claim = new LeaseClaim("tally", "three", Noon, Noon.AddMinutes(1), 9);
        (await store.ClaimAsync(claim)).ShouldBe([new Lease(Key("working"), "three", 3)]);
    }

    [Fact]
    public async Task A_damaged_session_stays_damaged_with_its_bytes_and_the_others_come_along()
    {
        Alter("UPDATE session SET header = x'0102030405' WHERE id = 'full'");
        Alter("UPDATE entry SET bytes = x'07' WHERE number = 2");
        await using var store = await OpenAsync();

        await Should.ThrowAsync<DamagedRecordException>(async () => await store.LoadAsync(Key("full"), default));
        await Should.ThrowAsync<DamagedRecordException>(async () =>
            await store.ReadStreamAsync(new StreamKey(Key("big"), "events"), 0, 9, 1 << 20, default));
        (await store.LoadAsync(Key("plain"), default)).ShouldNotBeNull();
        (await store.ReadStreamAsync(new StreamKey(Key("big"), "events"), 2, 9, 1 << 20, default)).Count.ShouldBe(1);
        Ask("SELECT count(*) FROM session WHERE header = x'0102030405'").ShouldBe(1);
        Ask("SELECT count(*) FROM chunk WHERE bytes = x'07'").ShouldBe(2);
    }

    [Fact]
    public async Task A_migration_that_does_not_come_to_its_end_leaves_the_file_as_it_was()
    {
        // The old tables are out of the way and most new ones made when it comes to this one.
        Alter("CREATE TABLE mark (x)");
        var before = Contents();

        await Should.ThrowAsync<SojournException>(async () => await OpenAsync());

        Contents().ShouldBe(before);
        Alter("DROP TABLE mark");
        await using var store = await OpenAsync();
        (await store.CheckAsync(default)).Sessions.ShouldBe(7);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static SessionKey Key(string id) => new("tally", OwnerId.Local, id);

    private async Task<SqliteStore> OpenAsync()
    {
        var store = new SqliteStore(_directory, NullLogger.Instance);
        try
        {
            await store.OpenAsync(default);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private string Contents()
    {
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        using var all = new Statement(connection, """
            SELECT (SELECT group_concat(name || sql) FROM sqlite_master) || (SELECT count(*) FROM entry)
                || (SELECT group_concat(number || hex(header) || hex(state)) FROM session)
            """);
        return all.First(row => row.GetString(0))! + connection.ReadLong("PRAGMA user_version");
    }

    private long Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        return connection.ReadLong(sql);
    }

    private void Alter(string sql)
    {
        SqliteLibrary.EnsureLoaded();
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }
}
