using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;

namespace Sojourn.Tests.Server;

/// <summary>A file that went bad while nobody looked, seen through HTTP.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const string Newest = "the newest note of the one that is hit";

    private readonly ScratchDirectory _scratch = new();

    private string DataFile => Path.Combine(_scratch.Path, "sojourn.db");

    public void Dispose() => _scratch.Dispose();

    // Its record lies in one row: the header, then the state, which begins with 5 bytes of format and checksum.
    [Theory]
    [InlineData(0, "the state")]
    [InlineData(-1, "the checksum of the state")]
    [InlineData(-5, "the format of the state")]
    [InlineData(-9, "the header")]
    public async Task A_byte_that_flipped_in_a_stopped_store_is_that_sessions_damage_alone_and_is_healed(
        int fromState, string where)
    {
        await using (var first = await StartAsync())
        {
            foreach (var id in (string[])["before", "hit", "after"])
            {
                await first.CreateAsync(id);
                await WriteAsync(first, id, "an older note");
            }
        }

        // Stopped in between, so that the older state was in the file, and is kept when this one takes its place.
        await using (var second = await StartAsync())
        {
            await WriteAsync(second, "hit", Newest);
        }

        Flip(fromState);

        await using (var damaged = await StartAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                (await damaged.SendAsync("GET", "/v1/counter/hit")).ShouldBeProblem(500, "damaged");
            }

            (await damaged.SendAsync("POST", "/v1/counter/hit/tick")).ShouldBeProblem(500, "damaged");
            (await IdsAsync(damaged, "/v1/counter?damaged=true")).ShouldBe(["hit"], where);
            (await IdsAsync(damaged, "/v1/counter")).ShouldBe(["after", "hit", "before"]);
            (await damaged.SendAsync("GET", "/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
            foreach (var id in (string[])["before", "after"])
            {
                (await damaged.SendAsync("POST", $"/v1/counter/{id}/tick")).Status.ShouldBe(HttpStatusCode.OK);
            }

            var restored = await damaged.SendAsync("POST", "/v1/counter/hit/restore");

            restored.Status.ShouldBe(HttpStatusCode.OK, restored.Text);
            Note(restored).ShouldBe("an older note");
            restored["version"].GetInt64().ShouldBeGreaterThan(3, "above all that it had");
            (await damaged.SendAsync("POST", "/v1/counter/hit/tick")).Status.ShouldBe(HttpStatusCode.OK);
            (await IdsAsync(damaged, "/v1/counter?damaged=true")).ShouldBeEmpty();
        }

        await using var later = await StartAsync();
        Note(await later.SendAsync("GET", "/v1/counter/hit")).ShouldBe("an older note");
        (await later.SendAsync("GET", "/v1/counter/before")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string Note(Reply reply) => reply["state"].GetProperty("note").GetString()!;

    private static async Task WriteAsync(ServerUnderTest server, string id, string note) =>
        (await server.SendAsync("POST", $"/v1/counter/{id}/write-note", $$"""{"note": "{{note}}"}"""))
            .Status.ShouldBe(HttpStatusCode.OK);

    private static async Task<string?[]> IdsAsync(ServerUnderTest server, string path) =>
    [
        .. (await server.SendAsync("GET", path))["sessions"].EnumerateArray()
            .Select(session => session.GetProperty("id").GetString()),
    ];

    private Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(real: new JournaledStore(
        _scratch.Path, new JournalOptions(), TimeProvider.System, NullLogger.Instance));

    /// <summary>One bit of the byte so far from where the newest state begins.</summary>
    private void Flip(int fromState)
    {
        var bytes = File.ReadAllBytes(DataFile);
        var note = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Newest));
        note.ShouldBeGreaterThan(0);
        bytes.AsSpan(note + 1).IndexOf(Encoding.UTF8.GetBytes(Newest)).ShouldBe(-1, "it is in the file once");
        var state = bytes.AsSpan(0, note).LastIndexOf((byte)'{');
        bytes[state + fromState] ^= 4;
        File.WriteAllBytes(DataFile, bytes);
    }
}
