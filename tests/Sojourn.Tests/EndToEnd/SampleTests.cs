using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.EndToEnd;

/// <summary>The samples, run as their reader would.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_counter_goes_on_counting_in_its_next_life()
    {
        using var scratch = new ScratchDirectory();
        for (var run = 0; run < 2; run++)
        {
            await using var counter = SojournProcess.StartDotnet([Built("Counter"), scratch.Path]);
            (await counter.ExitAsync()).ShouldBe(0, counter.Error);

            counter.Output.ShouldContain($"Life 1 of this run, life {(2 * run) + 1} of the counter");
            counter.Output.ShouldContain($"Life 2 of this run, life {(2 * run) + 2} of the counter");
        }
    }

    [Fact]
    public async Task A_kettle_goes_on_heating_after_its_server_was_restarted()
    {
        using var scratch = new ScratchDirectory();
        int warm;
        await using (var first = StartServer(scratch))
        {
            using var http = await ReachAsync(first);
            (await PutAsync(http, """{"water":3}""")).ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await PutAsync(http, """{"water":1.5}""")).ShouldBe(HttpStatusCode.Created);
            using var boil = await http.PostAsync("/v1/kettle/mine/boil", content: null);
            (await boil.Content.ReadAsStringAsync()).ShouldContain("\"reply\":80");
            warm = await HeatedAsync(http, after: 0);

            await first.SignalAsync("TERM");
            (await first.ExitAsync()).ShouldBe(0, first.Error);
        }

        await using var second = StartServer(scratch);
        using var again = await ReachAsync(second);
        var state = JsonDocument.Parse(await again.GetStringAsync("/v1/kettle/mine")).RootElement.GetProperty("state");
        state.GetProperty("water").GetDouble().ShouldBe(1.5);
        state.GetProperty("celsius").GetInt32().ShouldBeGreaterThanOrEqualTo(warm);
        (await HeatedAsync(again, after: 2)).ShouldBeGreaterThan(warm, "the driver has taken it up again");
    }

    private static SojournProcess StartServer(ScratchDirectory scratch) => SojournProcess.StartDotnet(
        [Built("CustomServer"), "--urls", "http://127.0.0.1:0", "--data", scratch.Path],
        environment: ("SOJOURN_KEY", ServerUnderTest.Key));

    private static async Task<HttpClient> ReachAsync(SojournProcess server)
    {
        var url = (await server.WaitForLineAsync("Now listening on: ")).Split("on: ")[1].Trim();
        var http = new HttpClient { BaseAddress = new Uri(url), Timeout = SojournProcess.Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerUnderTest.Key);
        return http;
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient http, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PutAsync("/v1/kettle/mine", content);
        return response.StatusCode;
    }

    /// <summary>Waits, by its events, until the kettle was heated once more after that event.</summary>
    /// <returns>How warm it then was.</returns>
    private static async Task<int> HeatedAsync(HttpClient http, int after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/kettle/mine/events?offset={after:D16}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)
                && line.Contains("\"heated\"", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data: ".Length..]).RootElement
                    .GetProperty("data").GetProperty("celsius").GetInt32();
            }
        }

        throw new InvalidOperationException("The stream of events ended.");
    }

    // The samples are built beside the tests, in the same configuration.
    private static string Built(string sample)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "samples", sample, "bin", output.Parent.Name, output.Name, $"{sample}.dll");
    }
}
