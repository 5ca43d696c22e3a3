using System.Net;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>What a session's page is kept fresh by.</summary>
public sealed class ChangesOfOneTests
{
    [Fact]
    public async Task Only_the_session_that_is_asked_for_is_told_of()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.CreateAsync("other");
        await server.CreateAsync("mine");
        await using var stream = await server.Http.GetStreamAsync(
            new Uri("/v1/sessions/changes?kind=counter&id=mine", UriKind.Relative));
        using var reader = new StreamReader(stream);

        await server.SendAsync("POST", "/v1/counter/other/tick");
        await server.SendAsync("POST", "/v1/counter/mine/tick");

        var told = new List<string>();
        while (told.Count == 0)
        {
            var line = await reader.ReadLineAsync().WaitAsync(ServerUnderTest.Patience);
            told.AddRange(line!.StartsWith("data:", StringComparison.Ordinal) ? [line] : []);
        }

        told[0].ShouldContain("\"id\":\"mine\"");
    }

    [Fact]
    public async Task An_id_that_is_none_is_refused()
    {
        await using var server = await ServerUnderTest.StartAsync();

        var answer = await server.SendAsync("GET", "/v1/sessions/changes?id=NOT%20AN%20ID");

        answer.ShouldBeProblem((int)HttpStatusCode.BadRequest, "invalid-id");
    }
}
