using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Sojourn.Kinds.Explorer;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Explorer.Server;

/// <summary>Saves as files: out of one server and in again, and never changed on the way.</summary>
public sealed class ExportTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("a key of this server 0123456789");

    [Fact]
    public async Task A_save_goes_out_as_a_file_and_comes_back_as_the_game_or_into_a_slot()
    {
        await using var games = await StartAsync();
        await games.BeginAsync("ada");
        await games.SetAsync("ada", game => game with { Fight = new Fight("space_kraken", 42, 1) });
        await games.AskAsync("PUT", "ada/slots/1");
        var saved = await games.StateAsync("ada");

        var export = await games.AskAsync("GET", "ada/slots/1/export");

        export.Status.ShouldBe(HttpStatusCode.OK, export.Text);
        export.ContentHeaders.ContentDisposition!.FileName.ShouldBe("ada-slot-1-turn-0.json");
        export["format"].GetString().ShouldBe("sojourn-explorer-save");
        export["metadata"].GetProperty("pilot").GetString().ShouldBe("Ada");
        export["metadata"].GetProperty("status").GetString().ShouldBe("fighting");

        var taken = await games.AskAsync("POST", "eve/import", export.Text);
        taken.Status.ShouldBe(HttpStatusCode.OK, taken.Text);
        taken["state"].GetRawText().ShouldBe(saved);
        taken["id"].GetString().ShouldBe("eve");
        await games.DoAsync("eve", "attack");

        var put = await games.AskAsync("POST", "ada/import?slot=3", export.Text);
        put["slot"].GetInt32().ShouldBe(3);
        put["current"].GetProperty("metadata").GetProperty("status").GetString().ShouldBe("fighting");
        (await games.AskAsync("POST", "ada/slots/3/load"))["state"].GetRawText().ShouldBe(saved);
    }

    [Fact]
    public async Task Another_server_with_the_same_key_takes_it_and_one_with_another_key_does_not()
    {
        var file = await ExportAsync();
        await using var same = await StartAsync();
        (await same.AskAsync("POST", "eve/import", file)).Status.ShouldBe(HttpStatusCode.OK);

        await using var other = await GamesUnderTest.StartAsync(
            new ExplorerOptions { ExportKey = Encoding.ASCII.GetBytes("the key of another server 012345") });
        await ShouldRefuseAsync(other, file, "foreign", "exported by another server");
        await using var without = await GamesUnderTest.StartAsync();
        await ShouldRefuseAsync(without, file, "foreign", "exported by another server");
    }

    [Fact]
    public async Task No_byte_of_the_file_can_be_changed()
    {
        var file = await ExportAsync();
        var bytes = Encoding.UTF8.GetBytes(file.TrimEnd());
        await using var games = await StartAsync();
        await games.BeginAsync("ada");
        var before = await games.StateAsync("ada");
        var codes = new HashSet<string>();
        for (var at = 0; at < bytes.Length; at += 1 + (at % 3))
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 1;
            codes.Add(await RefusalAsync(games, changed, at));
        }

        codes.ShouldContain("tampered");
        (await games.StateAsync("ada")).ShouldBe(before);
    }

    [Fact]
    public async Task Credits_that_were_written_into_the_file_are_not_taken()
    {
        var file = await ExportAsync();
        var rich = file.Replace("\\\"wealth\\\":500", "\\\"wealth\\\":1999", StringComparison.Ordinal);
        rich.ShouldNotBe(file);
        await using var games = await StartAsync();
        await ShouldRefuseAsync(games, rich, "tampered", "was changed after it was exported");
        await ShouldRefuseAsync(games, file.Replace(":\"Ada\"", ": \"Ada\"", StringComparison.Ordinal), "tampered",
            "was changed after it was exported");
    }

    [Fact]
    public async Task A_file_that_is_cut_short_is_told_from_one_that_never_was_a_save()
    {
        var file = (await ExportAsync()).TrimEnd();
        await using var games = await StartAsync();
        for (var length = 40; length < file.Length; length += 97)
        {
            await ShouldRefuseAsync(games, file[..length], "truncated", "cut short");
        }

        foreach (var other in (string[])["{}", "[]", "null", "42", "hello", """{"format":"a-recipe","version":1}""",
            """{"format":7}""", """{"format":"sojourn-explorer-save"}""", ""])
        {
            await ShouldRefuseAsync(games, other, "not-a-save", "no save file of Cosmic Explorer");
        }
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_for_a_newer_server()
    {
        var file = JsonNode.Parse(await ExportAsync())!;
        file["version"] = 2;
        await using var games = await StartAsync();
        await ShouldRefuseAsync(games, file.ToJsonString(), "newer-version", "of version 2");
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_at_the_limit_and_not_below_it()
    {
        await using var games = await StartAsync();
        var largest = new string(' ', 128 << 10);
        (await games.AskAsync("POST", "ada/import", largest)).ShouldBeProblem(422, "invalid");
        (await games.AskAsync("POST", "ada/import", largest + " ")).ShouldBeProblem(413, "too-large").Detail
            .ShouldBe("The file is too large for a save, which has at most 131,072 bytes.");
    }

    [Fact]
    public async Task A_file_goes_into_no_slot_that_it_may_not()
    {
        var file = await ExportAsync();
        await using var games = await StartAsync();
        (await games.AskAsync("POST", "ada/import?slot=0", file)).ShouldBeProblem(409, "refused")["code"].GetString()
            .ShouldBe("automatic-slot");
        (await games.AskAsync("POST", "ada/import?slot=5", file)).ShouldBeProblem(422, "invalid");
        using var plain = new HttpRequestMessage(HttpMethod.Post, "/v1/explorer/ada/import")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(file)),
        };
        plain.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        (await ServerUnderTest.SendAsync(games.Server.Http, plain)).ShouldBeProblem(415, "unsupported-media-type");
    }

    private static Task<GamesUnderTest> StartAsync() =>
        GamesUnderTest.StartAsync(new ExplorerOptions { ExportKey = Key });

    private static async Task<string> ExportAsync()
    {
        await using var games = await StartAsync();
        await games.BeginAsync("ada");
        await games.AskAsync("PUT", "ada/slots/1");
        var export = await games.AskAsync("GET", "ada/slots/1/export");
        export.Status.ShouldBe(HttpStatusCode.OK, export.Text);
        return export.Text;
    }

    private static async Task<string> RefusalAsync(GamesUnderTest games, byte[] file, int at)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/explorer/ada/import")
        {
            Content = new ByteArrayContent(file),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var reply = await ServerUnderTest.SendAsync(games.Server.Http, request);
        ((int)reply.Status).ShouldBe(422, $"byte {at}: {reply.Text}");
        return reply["code"].GetString()!;
    }

    private static async Task ShouldRefuseAsync(GamesUnderTest games, string file, string code, string says)
    {
        foreach (var path in (string[])["eve/import", "eve/import?slot=2"])
        {
            var refused = (await games.AskAsync("POST", path, file)).ShouldBeProblem(422, "invalid");
            refused["code"].GetString().ShouldBe(code, refused.Text);
            refused.Detail!.ShouldContain(says);
        }
    }
}
