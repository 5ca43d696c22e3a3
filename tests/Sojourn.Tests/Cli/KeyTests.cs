using System.Net;
using Sojourn.Tests.Client;

namespace Sojourn.Tests.Cli;

public sealed class KeyTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sojourn-test-");
    private PretendServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await PretendServer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "key"), "from-the-file\n");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Who_has_no_key_is_told_where_keys_come_from()
    {
        _server.On("GET /v1/counter/x", PretendServer.Problem("unauthorized", 401, "A key is needed."));
        var around = new CliSurroundings { Server = _server.Url };
        around.Environment.Remove("SOJOURN_KEY");

        var run = await CliRun.OfAsync(around, "get", "counter/x");

        run.Error.ShouldContain("SOJOURN_KEY");
        _server.Seen.Single().Header("Authorization").ShouldBeNull();
    }

    [Fact]
    public async Task The_key_is_found_in_the_data_directory()
    {
        var around = new CliSurroundings { Server = _server.Url };
        around.Environment.Remove("SOJOURN_KEY");

        await CliRun.OfAsync(around, "get", "counter/x", "--data", _directory.FullName);

        _server.Seen.Single().Header("Authorization").ShouldBe("Bearer from-the-file");
    }

    [Fact]
    public async Task An_option_wins_over_its_variable()
    {
        await CliRun.OfAsync(_server.Url, "get", "counter/x", "--key", "mine");

        _server.Seen.Single().Header("Authorization").ShouldBe("Bearer mine");
    }

    [Fact]
    public async Task This_machines_key_is_not_told_to_another_machine_unasked()
    {
        var carrier = new Courier();
        var around = new CliSurroundings
        {
            Server = new Uri("http://sojourn.example"),
            Carrier = carrier,
            Environment = [],
        };

        await CliRun.OfAsync(around, "get", "counter/x");
        carrier.Keys.ShouldBe([null]);

        await CliRun.OfAsync(around, "get", "counter/x", "--data", _directory.FullName);
        carrier.Keys.ShouldBe([null, "from-the-file"]);
    }

    /// <summary>Takes requests to machines that do not exist, and brings back that nothing is there.</summary>
    private sealed class Courier : HttpMessageHandler
    {
        public List<string?> Keys { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Keys.Add(request.Headers.Authorization?.Parameter);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        }
    }
}
