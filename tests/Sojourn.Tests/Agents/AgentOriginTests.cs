using System.Net;
using Sojourn.Tests.Console;

namespace Sojourn.Tests.Agents;

/// <summary>Who may attach: whoever has a key, and of web pages those of this server alone.</summary>
public sealed class AgentOriginTests : IAsyncLifetime
{
    private AgentServer _server = null!;
    private string _id = "";

    private string Own => _server.Serve.Url.GetLeftPart(UriPartial.Authority);

    private string Neighbour => $"http://127.0.0.1:{_server.Serve.Url.Port + 1}";

    private (string, string) Key =>
        ("Authorization", _server.Serve.Http.DefaultRequestHeaders.Authorization!.ToString());

    public async Task InitializeAsync()
    {
        _server = await AgentServer.StartAsync();
        _id = (await _server.NewAsync()).Id;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [ProgramFact]
    public async Task A_page_of_another_origin_is_refused_before_the_upgrade_whatever_key_it_has()
    {
        string[] foreign =
        [
            "http://evil.example", "https://evil.example", "null", "file://", Neighbour,
            "http://127.0.0.1", $"{Own}.evil.example", $"http://evil.example:{_server.Serve.Url.Port}",
            "chrome-extension://x",
        ];
        foreach (var origin in foreign)
        {
            (await AttachAsync(Key, ("Origin", origin))).ShouldBe(HttpStatusCode.Forbidden, origin);
            (await AttachAsync(("Origin", origin))).ShouldBe(HttpStatusCode.Forbidden, origin);
        }

        await NobodyWasThereAsync();
    }

    [ProgramFact]
    public async Task A_key_is_enough_without_an_origin_or_with_our_own()
    {
        (await AttachAsync(Key)).ShouldBe(HttpStatusCode.SwitchingProtocols);
        (await AttachAsync(Key, ("Origin", Own))).ShouldBe(HttpStatusCode.SwitchingProtocols);
        (await AttachAsync(Key, ("Origin", Own.Replace("127.0.0.1", "localhost", StringComparison.Ordinal))))
            .ShouldBe(HttpStatusCode.SwitchingProtocols);
    }

    [ProgramFact]
    public async Task Without_a_key_nobody_attaches()
    {
        (await AttachAsync()).ShouldBe(HttpStatusCode.Unauthorized);
        (await AttachAsync(("Origin", Own))).ShouldBe(HttpStatusCode.Unauthorized);
        (await AttachAsync(("Authorization", "Bearer wrong"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await AttachAsync(("Cookie", $"sojourn-{_server.Serve.Url.Port}=wrong"), ("Origin", Own)))
            .ShouldBe(HttpStatusCode.Unauthorized);
        await NobodyWasThereAsync();
    }

    [ProgramFact]
    public async Task A_browsers_log_in_counts_for_pages_of_this_server_alone()
    {
        using var page = new BrowserPage(_server.Serve.Url);
        await page.LogInByKeyAsync(_server.Serve.Http.DefaultRequestHeaders.Authorization!.Parameter!);
        var cookie = ("Cookie", page.Cookie!);

        (await AttachAsync(cookie, ("Origin", "http://evil.example"))).ShouldBe(HttpStatusCode.Forbidden);
        (await AttachAsync(cookie, ("Origin", Neighbour), ("Sec-Fetch-Site", "same-site")))
            .ShouldBe(HttpStatusCode.Forbidden);
        (await AttachAsync(cookie, ("Sec-Fetch-Site", "cross-site"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await AttachAsync(cookie, ("Sec-Fetch-Site", "same-site"))).ShouldBe(HttpStatusCode.Unauthorized);
        await NobodyWasThereAsync();

        (await AttachAsync(cookie, ("Origin", Own), ("Sec-Fetch-Site", "same-origin")))
            .ShouldBe(HttpStatusCode.SwitchingProtocols);
    }

    private async Task<HttpStatusCode> AttachAsync(params (string, string)[] headers)
    {
        using var socket = new AttachSocket();
        if (await socket.TryConnectAsync(_server.Serve.Url, _id, headers))
        {
            // It works, too.
            await socket.SendAsync(new { type = "hello", client = "page" });
            await socket.ReceiveAsync("welcome");
            (await socket.CommandAsync("op", "resize", new { columns = 100, rows = 30, by = "page" }))
                .TryGetProperty("problem", out _).ShouldBeFalse();
            await socket.LeaveAsync();
        }

        return socket.Status;
    }

    private async Task NobodyWasThereAsync() => (await _server.Client.GetAsync("agent", _id))
        .State!.Value.GetProperty("size").GetProperty("columns").GetInt32().ShouldBe(80);
}
