using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;

namespace Sojourn.Bench;

/// <summary>
/// A command that is flushed to disk before it is answered, beside others that write as many bytes in groups of as
/// many: 2 KB
/// of state replaced and 256 bytes of event appended.
/// </summary>
internal static class DurableCommands
{
    public const int Sessions = 10_000;
    public const int StateBytes = 2_048;
    public const int EventBytes = 256;
    private const int TextLength = 1_940;

    public static async Task RunAsync(double seconds)
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-bench-").FullName;
        var (engine, ids) = await Engines.StartAsync(
            Durability.Durable, Sessions, TextLength, Path.Combine(directory, "sojourn"));
        var alone = new StoreAlone(new JournaledStore(
            Path.Combine(directory, "alone"), new JournalOptions(), TimeProvider.System, NullLogger.Instance));
        await alone.OpenAsync();
        var redisFolder = Directory.CreateDirectory(Path.Combine(directory, "redis")).FullName;
        var (redis, reason) = RedisServer.TryStart(redisFolder);
        if (redis is null)
        {
            Console.WriteLine($"Redis is left out: {reason}.");
        }

        using (var log = new RawLog(Path.Combine(directory, "raw.log")))
        using (var sqlite = new RawSqlite(Path.Combine(directory, "raw.db")))
        {
            foreach (var group in (int[])[1, 64, 1000])
            {
                Runner[] runners =
                [
                    new($"limit: raw log, one write and flush for {group}", stop => log.RunAsync(group, stop)),
                    new($"raw SQLite, transactions of {group}", stop => sqlite.RunAsync(group, stop)),
                    .. redis is null ? Array.Empty<Runner>()
                        :
                        [
                            new($"Redis, appendfsync always, {group} at once", stop => redis.RunAsync(group, stop)),
                        ],
                    new($"Sojourn's store alone, batches of {group}", stop => alone.RunAsync(group, stop)),
                    new($"Sojourn: SendAsync, {group} caller(s)", stop => Race.CallersAsync(group, async chance =>
                    {
                        var answer = await engine.SendAsync(ids[chance.Next(Sessions)], new CountAloud(1));
                        _ = answer.Reply;
                    }, stop)),
                ];
                await Race.RunAsync(
                    $"Durable updates in groups of {group}, {Sessions:N0} sessions at random", seconds, runners);
            }
        }

        redis?.Dispose();
        await alone.DisposeAsync();
        await engine.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
