using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>The public suite of the protocol, against a real server on a real store.</summary>
[Collection(Alone.Name)]
public sealed class ConformanceTests : IDisposable
{
    // The suite looks at the system's clock, to half a second: where there is a file system in memory, no disk that is
    // slow for a moment comes between.
    private const string Memory = "/dev/shm";

    private readonly DirectoryInfo _directory = Directory.Exists(Memory)
        ? Directory.CreateDirectory(Path.Combine(Memory, $"sojourn-streams-{Guid.NewGuid():N}"))
        : Directory.CreateTempSubdirectory("sojourn-streams-");

    [NodeFact]
    public async Task The_server_speaks_the_protocol_as_its_public_suite_has_it()
    {
        await using var server = await ServerUnderTest.StartAsync(
            options =>
            {
                // Where the suite looks; and some of its cases wait for nothing to come.
                options.StreamsPath = "/v1/stream";
                options.LongPollTimeout = TimeSpan.FromSeconds(2);
            },
            real: new JournaledStore(
                _directory.FullName, new JournalOptions(), TimeProvider.System, NullLogger.Instance));
        var report = Path.Combine(_directory.FullName, "report.json");

        using var suite = NodeFactAttribute.Start(
            ["node_modules/vitest/vitest.mjs", "run", "--reporter=json", $"--outputFile={report}"],
            ("SOJOURN_TEST_URL", server.Url.ToString().TrimEnd('/')),
            ("SOJOURN_TEST_KEY", ServerUnderTest.Key));
        var said = Task.WhenAll(suite.StandardOutput.ReadToEndAsync(), suite.StandardError.ReadToEndAsync());
        await suite.WaitForExitAsync();

        File.Exists(report).ShouldBeTrue(string.Concat(await said));
        using var totals = JsonDocument.Parse(await File.ReadAllBytesAsync(report));
        var failed = totals.RootElement.GetProperty("testResults").EnumerateArray()
            .SelectMany(file => file.GetProperty("assertionResults").EnumerateArray())
            .Where(each => each.GetProperty("status").GetString() == "failed")
            .Select(each => $"{each.GetProperty("fullName")}: {each.GetProperty("failureMessages")[0]}");
        string.Join("\n\n", failed).ShouldBeEmpty();
        totals.RootElement.GetProperty("numPassedTests").GetInt32().ShouldBe(332);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
