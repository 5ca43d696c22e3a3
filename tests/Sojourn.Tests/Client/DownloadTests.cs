namespace Sojourn.Tests.Client;

using Sojourn.Client;

public sealed class DownloadTests : IAsyncLifetime
{
    private const string Route = "GET /v1/generation/x/storyboard.zip";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sojourn-test-");
    private PretendServer _server = null!;

    private string Target => Path.Combine(_directory.FullName, "story.zip");

    public async Task InitializeAsync() => _server = await PretendServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_whole_download_replaces_the_file()
    {
        await File.WriteAllTextAsync(Target, "old");
        _server.On(Route, http => http.Response.Body.WriteAsync(new byte[200_000]).AsTask());

        var size = await DownloadAsync();

        size.ShouldBe(200_000);
        _directory.GetFiles().Single().Length.ShouldBe(200_000);
    }

    [Fact]
    public async Task A_download_that_breaks_leaves_what_was_there()
    {
        await File.WriteAllTextAsync(Target, "old");
        _server.On(Route, async http =>
        {
            http.Response.ContentLength = 200_000;
            await http.Response.Body.WriteAsync(new byte[100_000]);
            await http.Response.Body.FlushAsync();
            http.Abort();
        });

        await Should.ThrowAsync<SojournConnectionException>(DownloadAsync);

        _directory.GetFiles().Select(file => file.Name).ShouldBe(["story.zip"]);
        (await File.ReadAllTextAsync(Target)).ShouldBe("old");
    }

    [Fact]
    public async Task A_file_is_not_seen_under_its_name_before_it_is_whole()
    {
        var half = new TaskCompletionSource();
        var rest = new TaskCompletionSource();
        _server.On(Route, async http =>
        {
            await http.Response.Body.WriteAsync(new byte[10]);
            await http.Response.Body.FlushAsync();
            half.SetResult();
            await rest.Task;
        });

        var downloading = DownloadAsync();
        await half.Task;
        File.Exists(Target).ShouldBeFalse();
        rest.SetResult();

        (await downloading).ShouldBe(10);
        File.Exists(Target).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_not_there_leaves_no_file()
    {
        await Should.ThrowAsync<SojournProblemException>(DownloadAsync);

        _directory.GetFiles().ShouldBeEmpty();
    }

    private async Task<long> DownloadAsync()
    {
        using var client = new SojournClient(new SojournClientOptions { Url = _server.Url });
        return await client.DownloadAsync("generation", "x", "storyboard.zip", Target);
    }
}
