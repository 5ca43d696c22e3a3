using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Tests.Play.Server;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>Plays brought to where a test looks at them, and their saves.</summary>
internal static class PlayStage
{
    public static Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(also: kinds => kinds.AddPlays());

    public static SojournBuilder AddPlays(this SojournBuilder kinds) => kinds.AddPlay().AddCloudSlots();

    /// <summary>Begins a play.</summary>
    public static async Task BeginPlayAsync(this ServerUnderTest server, string id, string pilot = "Ikarus")
    {
        var reply = await server.SendAsync("PUT", $"/v1/play/{id}", JsonSerializer.Serialize(new
        {
            pilot,
            pilotName = "Ada Lovelace",
            game = "wings",
            gameVersion = "1.4.2",
            device = "the big screen",
        }));
        ((int)reply.Status).ShouldBe(201, reply.Text);
    }

    /// <summary>Sends what a game sends, and is accepted.</summary>
    public static async Task<Reply> TellAsync(
        this ServerUnderTest server, string id, string command, object? body = null)
    {
        var reply = await server.SendAsync(
            "POST", $"/v1/play/{id}/{command}", body is null ? null : JsonSerializer.Serialize(body));
        ((int)reply.Status).ShouldBe(200, reply.Text);
        return reply;
    }

    /// <summary>Flies a mission, saves, and makes a checkpoint.</summary>
    public static async Task FlyAsync(this ServerUnderTest server, string id)
    {
        foreach (var to in (string[])["briefing", "mission"])
            await server.TellAsync(id, "change-state", new { to });
        await server.TellAsync(id, "saved", new
        {
            save = new { slot = "1", generation = 3, type = "manual", size = 18_432, milliseconds = 4.2 },
        });
        await server.TellAsync(id, "checkpoint", new { why = "wing-lost" });
    }

    /// <summary>What a game says that finds at its start that it had been cut off.</summary>
    public static Task CutOffAsync(this ServerUnderTest server, string id)
    {
        var now = DateTimeOffset.UtcNow;
        return server.TellAsync(id, "interrupted", new
        {
            what = "The game stopped without ending the play. The machine may have lost its power.",
            backups = new object[]
            {
                new
                {
                    slot = "1", generation = 3, savedAt = now.AddMinutes(-4), validity = "good",
                    description = "Vega, mission 4: Escort the tankers",
                },
                new
                {
                    slot = "auto", generation = 12, savedAt = now.AddMinutes(-1), type = "auto",
                    validity = "damaged", reason = "Its checksum does not match; it was cut off while it was written.",
                },
                new { slot = "quick", generation = 7, savedAt = now.AddMinutes(-31), type = "quick" },
                new
                {
                    slot = "2", generation = 1, savedAt = now.AddHours(-3), validity = "good", attempts = 2,
                    description = "Vega, mission 2: First flight",
                },
            },
        });
    }

    /// <summary>Uploads saves, one with a picture.</summary>
    public static async Task FillSlotsAsync(this ServerUnderTest server)
    {
        const string about = "&callsign=Ikarus&pilotRank=Captain&campaign=Vega&device=the%20big%20screen"
            + "&gameVersion=1.4.2";
        for (var mission = 2; mission <= 4; mission++)
        {
            var part = FormattableString.Invariant($"{mission / 16.0}");
            await UploadAsync(server, "wings/1", 18_000 + mission,
                $"&mission={mission}&completion={part}&missionsFlown={mission}&score={mission * 1_250}"
                + $"&realPlaySeconds={mission * 1_700}&name=Before%20the%20tankers{about}");
        }

        (await CloudUnderTest.AskAsync(server.Http, "PUT", "/wings/1/screenshot", Sky(320, 180))).Status.ShouldBe(200);
        await UploadAsync(server, "wings/quick", 17_500, $"&type=quick&mission=3{about}");
        await UploadAsync(server, "wings/auto", 18_300,
            $"&type=auto&mission=4&completion=0.25&description=Saved%20by%20itself%20at%20the%20debriefing.{about}");
        (await CloudUnderTest.AskAsync(server.Http, "PUT", "/wings/auto/screenshot", Sky(320, 180, isDusk: true)))
            .Status.ShouldBe(200);
    }

    public static async Task UploadAsync(ServerUnderTest server, string slot, int seed, string query = "")
    {
        var put = await CloudUnderTest.AskAsync(
            server.Http, "PUT", $"/{slot}?force=true{query}", CloudUnderTest.Bytes(seed, seed));
        put.Status.ShouldBe(200, put.Reply.Text);
    }

    public static Task ShowPlayAsync(this ConsoleUnderTest console, string id) =>
        console.GoAsync($"#/session/play/{id}");

    /// <summary>The card of a slot on the server.</summary>
    public static ILocator Slot(this ConsoleUnderTest console, string slot) =>
        console.Page.Locator($".cloud-slot[data-slot='{slot}']");

    /// <summary>Waits until so many pictures of saves are there and painted.</summary>
    public static Task ScreenshotsAsync(this ConsoleUnderTest console, int count) =>
        console.Page.WaitForFunctionAsync(
            "count => [...document.querySelectorAll('pl-slot img')]"
                + ".filter(image => image.complete && image.naturalWidth > 0).length === count", count);

    /// <summary>A picture of stars above a horizon, as a PNG.</summary>
    private static byte[] Sky(int width, int height, bool isDusk = false)
    {
        using var rows = new MemoryStream();
        using (var zip = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zip.WriteByte(0);
                for (var x = 0; x < width; x++)
                    zip.Write(Dot(x, y, width, height, isDusk));
            }
        }

        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (8, 2);
        return
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR"u8, head), .. Chunk("IDAT"u8, rows.ToArray()), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Dot(int x, int y, int width, int height, bool isDusk)
    {
        var (dx, dy) = (x - (width * 0.7), y - (height * 1.5));
        if ((dx * dx) + (dy * dy) < height * height)
            return isDusk ? [150, 84, 60] : [44, 92, 110];
        var star = (uint)((x * 73_856_093) ^ (y * 19_349_663)) % 397 == 0;
        var light = (byte)(y * 60 / height);
        return star ? [240, 240, 220] : isDusk ? [(byte)(40 + light), 20, (byte)(50 + (light / 2))] : [10, light, 60];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] body = [.. name, .. content];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        body.CopyTo(chunk, 4);
        var sum = uint.MaxValue;
        foreach (var each in body)
        {
            sum ^= each;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), ~sum);
        return chunk;
    }
}
