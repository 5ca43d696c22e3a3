using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores;

/// <summary>
/// A small file, damaged in one byte after the other, or cut off: the sessions that are hit say so, all others serve,
/// and nothing is ever taken for empty. Every <c>SOJOURN_EVERY_BYTE</c>th byte; 1 means all of them, which takes long.
/// </summary>
public sealed class SqliteEveryByteTests : IAsyncLifetime
{
    private const int Sessions = 12;

    /// <summary>A prime, so that the bytes tried lie at all places of pages and rows.</summary>
    private const int UsualStride = 661;

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("sojourn-test-").FullName;
    private byte[] _whole = [];

    private static int Stride =>
        int.TryParse(
            Environment.GetEnvironmentVariable("SOJOURN_EVERY_BYTE"), CultureInfo.InvariantCulture, out var every)
            ? every
            : UsualStride;

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x01)]
    public async Task A_byte_that_flips_costs_no_more_than_the_sessions_on_its_page(int mask)
    {
        var (tried, refused, costly) = (0, 0, 0);
        for (var place = mask % Stride; place < _whole.Length; place += Stride)
        {
            var bytes = _whole.ToArray();
            bytes[place] ^= (byte)mask;
            var lost = await ServeAsync(bytes, $"byte {place} of {_whole.Length} ^ {mask}");
            tried++;
            refused += lost is null ? 1 : 0;
            costly += lost > 3 ? 1 : 0;
        }

        // Refused: the file's header and its list of tables. Costly: the inner page of the sessions' own table.
        (refused * 100).ShouldBeLessThan(tried * 10, $"{refused} of {tried} could not be opened");
        (costly * 100).ShouldBeLessThan(tried * 4, $"{costly} of {tried} hit more than three sessions");
    }

    [Fact]
    public async Task A_header_that_forbids_writing_is_refused_at_the_start_and_not_by_each_commit()
    {
        // The file's "write version": SQLite reads a file with a newer one, and writes nothing.
        const int writeVersion = 18;
        var bytes = _whole.ToArray();
        bytes[writeVersion] ^= 0xFF;
        (await ServeAsync(bytes, "write version")).ShouldBeNull();
    }

    [Fact]
    public async Task A_counter_that_is_damaged_hides_no_session()
    {
        // The only place where the kind and the owner are followed by a status, and by no number of a session.
        var name = Encoding.UTF8.GetBytes("tallylocalopen\f");
        var place = _whole.AsSpan().LastIndexOf(name);
        place.ShouldBeGreaterThan(0);
        foreach (var i in Enumerable.Range(0, name.Length))
        {
            var bytes = _whole.ToArray();
            bytes[place + i] ^= 0x01;
            (await ServeAsync(bytes, $"counter, byte {i}")).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_off_at_a_page_is_never_taken_for_a_shorter_one()
    {
        for (var length = 4096; length < _whole.Length; length += 4096)
        {
            await ServeAsync(_whole[..length], $"cut at {length} of {_whole.Length}");
        }
    }

    [Fact]
    public async Task A_damaged_index_is_made_anew_and_the_file_as_it_was_is_kept()
    {
        // In the index, an id appears once; in the table, too, after it.
        var name = Encoding.UTF8.GetBytes("tallylocalsession-07");
        var places = Enumerable.Range(0, _whole.Length - name.Length)
            .Where(place => _whole.AsSpan(place, name.Length).SequenceEqual(name)).ToList();
        places.Count.ShouldBeGreaterThan(1);
        foreach (var place in places)
        {
            var bytes = _whole.ToArray();
            bytes[place + name.Length - 1] = (byte)'x';
            (await ServeAsync(bytes, $"name at {place}")).ShouldBe(0, "the checksum knows whose record it is");
            (await File.ReadAllBytesAsync(DataFile + ".damaged-1")).ShouldBe(bytes);
        }
    }

    [Fact]
    public async Task A_page_that_goes_bad_while_work_goes_on_fails_its_own_sessions_alone()
    {
        var place = _whole.AsSpan().LastIndexOf("state 2 of session-07"u8) / 4096 * 4096;
        await using (var store = (await OpenAsync(_whole))!)
        {
            using (var file = File.OpenHandle(DataFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                await RandomAccess.WriteAsync(file, new byte[4096], place);
            }

            await Should.ThrowAsync<DamagedRecordException>(async () => await store.LoadAsync(Key(7), default));
            (await store.LoadAsync(Key(0), default)).ShouldNotBeNull();
            var another = new SessionKey("tally", OwnerId.Local, "another");
            var results = await store.CommitAsync(
                [Save(Key(7), 3, 2, 3), Save(Key(0), 3, 2, 3), Save(another, 1, 0, 1)]);
            results.ShouldBe([CommitResult.Conflict, CommitResult.Committed, CommitResult.Committed]);
            (await store.ListAsync(new SessionQuery(), default)).Sessions.Select(session => session.Key)
                .ShouldBeSubsetOf([another, .. Enumerable.Range(0, Sessions).Select(Key)]);
            (await store.DueAsync(["tally"], Noon.AddHours(1), 100, default)).Due.ShouldContain(Key(0));
        }

        await using var mended = new SqliteStore(_directory, NullLogger.Instance);
        await mended.OpenAsync(default);
        (await mended.LoadAsync(Key(0), default))!.Version.ShouldBe(3);
        await Should.ThrowAsync<DamagedRecordException>(async () => await mended.LoadAsync(Key(7), default));
        (await mended.RestoreAsync(Key(7), Noon))!.Version.ShouldBeGreaterThan(2);
        (await mended.ListAsync(new SessionQuery(), default)).Sessions.Count.ShouldBe(Sessions + 1);
    }

    [Fact]
    public async Task A_session_whose_page_is_lost_comes_back_from_its_snapshot()
    {
        // The newest state fills a page of its own; snapshots lie elsewhere.
        var state = Encoding.UTF8.GetBytes("state 2 of session-07");
        var place = _whole.AsSpan().LastIndexOf(state) / 4096 * 4096;
        var bytes = _whole.ToArray();
        Array.Clear(bytes, place, 4096);
        await using var store = await OpenAsync(bytes);
        var hit = new List<SessionKey>();
        for (var i = 0; i < Sessions; i++)
        {
            try
            {
                (await store!.LoadAsync(Key(i), default)).ShouldNotBeNull();
            }
            catch (DamagedRecordException)
            {
                hit.Add(Key(i));
            }
        }

        hit.ShouldContain(Key(7));
        (await store!.ListAsync(new SessionQuery { IsDamaged = true }, default)).Sessions
            .Select(session => session.Key).ShouldBe(hit, ignoreOrder: true);
        foreach (var key in hit)
        {
            var restored = (await store.RestoreAsync(key, Noon.AddHours(1)))!;
            Encoding.UTF8.GetString(restored.State.Span).ShouldStartWith($"state 1 of {key.Id}");
            restored.Version.ShouldBeGreaterThan(2);
            restored.LastEvent.ShouldBe(2, "the log was not hit");
            (await store.CommitAsync([Save(key, restored.Version + 1, restored.Version, 3)])).Single()
                .ShouldBe(CommitResult.Committed);
        }

        (await store.CheckAsync(default)).Damaged.ShouldBeEmpty();
    }

    public async Task InitializeAsync()
    {
        await using (var store = new SqliteStore(_directory, NullLogger.Instance))
        {
            await store.OpenAsync(default);
            for (var i = 0; i < Sessions; i++)
            {
                await store.CommitAsync([Save(Key(i), 1, 0, 1)]);
                await store.CommitAsync([Save(Key(i), 2, 1, 2)]);
            }
        }

        _whole = await File.ReadAllBytesAsync(DataFile);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    private string DataFile => Path.Combine(_directory, "sojourn.db");

    private static SessionKey Key(int i) => new("tally", OwnerId.Local, $"session-{i:00}");

    private static SaveSession Save(SessionKey key, long version, long expected, int lastEvent) => new(
        key, expected, new SessionRecord
        {
            Key = key,
            Version = version,
            Status = "open",
            IsBusy = version == 2,
            IsFinal = false,
            CreatedAt = Noon,
            LastActivityAt = Noon.AddMinutes(version),
            StatusSince = Noon,
            ExpiresAt = null,
            WakeAt = Noon.AddMinutes(version),
            FirstEvent = 1,
            LastEvent = lastEvent,
            Tails = new Dictionary<string, StreamTail>(),
            Labels = new Dictionary<string, string> { ["team"] = "red" },
            State = Encoding.UTF8.GetBytes($"state {version} of {key.Id}".PadRight(1500, '.')),
        })
    {
        Entries = [new StreamEntry("events", lastEvent, Encoding.UTF8.GetBytes($"event {lastEvent} of {key.Id}"))],
        Operations = [new OperationRecord($"op-{version}", new byte[32], new byte[8], version, 1, 0, Noon)],
        KeepSnapshots = 1,
        SnapshotEvery = TimeSpan.Zero,
    };

    /// <summary>How many sessions were hit; null if the file was refused.</summary>
    private async Task<int?> ServeAsync(byte[] bytes, string what)
    {
        try
        {
            await using var store = await OpenAsync(bytes);
            return store is null ? null : await CountHitAsync(store, what);
        }
        catch (Exception failure) when (failure is not SojournException and not DamagedRecordException)
        {
            throw new InvalidOperationException($"{what}: {failure.Message}", failure);
        }
    }

    private static async Task<int> CountHitAsync(SqliteStore store, string what)
    {
        var hit = 0;
        for (var i = 0; i < Sessions; i++)
        {
            try
            {
                var record = await store.LoadAsync(Key(i), default);
                record.ShouldNotBeNull(what);
                Encoding.UTF8.GetString(record.State.Span)
                    .ShouldStartWith($"state 2 of session-{i:00}", customMessage: what);
                (await store.ReadStreamAsync(new StreamKey(Key(i), "events"), 0, 9, 9999, default))
                    .Select(entry => entry.Number).ShouldBe([1L, 2], what);
                await store.FindOperationAsync(Key(i), "op-2", default);
            }
            catch (DamagedRecordException)
            {
                hit++;
            }
        }

        var listed = await store.ListAsync(new SessionQuery(), default);
        listed.Sessions.Count.ShouldBe(Sessions, what);
        await store.DueAsync(["tally"], Noon, 100, default);
        await store.CensusAsync(default);
        await store.CheckAsync(default);
        var another = new SessionKey("tally", OwnerId.Local, "another");
        (await store.CommitAsync([Save(another, 1, 0, 1)])).ShouldBe([CommitResult.Committed], what);
        (await store.LoadAsync(another, default)).ShouldNotBeNull(what);
        return hit;
    }

    /// <summary>Null if the file was refused, with a word about what helps.</summary>
    private async Task<SqliteStore?> OpenAsync(byte[] bytes)
    {
        foreach (var file in Directory.GetFiles(_directory, "sojourn.*"))
        {
            File.Delete(file);
        }

        await File.WriteAllBytesAsync(DataFile, bytes);
        var store = new SqliteStore(_directory, NullLogger.Instance);
        try
        {
            await store.OpenAsync(default);
            return store;
        }
        catch (SojournException refused)
        {
            await store.DisposeAsync();
            refused.Message.ShouldMatch("backup|newer|not one of Sojourn's");
            (await File.ReadAllBytesAsync(DataFile)).ShouldBe(bytes, "a file that is refused stays as it is");
            return null;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
