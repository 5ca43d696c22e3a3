using System.Net.Http.Headers;
using System.Text;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>Asks as a page in a browser does: with its cookie, its origin, and what browsers say of both.</summary>
internal sealed class BrowserPage : IDisposable
{
    private readonly HttpClient _http;

    public BrowserPage(Uri server)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = ServerUnderTest.Patience };
    }

    /// <summary>As it is sent, name and value; null before a log-in.</summary>
    public string? Cookie { get; set; }

    /// <summary>The value alone.</summary>
    public string Held => Cookie!.Split('=', 2)[1];

    /// <summary>What the browser says of who asks; null if it is too old to say.</summary>
    public string? Site { get; set; } = "same-origin";

    /// <summary>True if the browser names the page's origin with what changes something.</summary>
    public bool NamesOrigin { get; set; } = true;

    /// <summary>Logs in, and keeps the cookie.</summary>
    public async Task<Reply> LogInAsync(string body)
    {
        var reply = await SendAsync("POST", "/console/login", body);
        if (reply.Headers.TryGetValues("Set-Cookie", out var set))
            Cookie = set.ShouldHaveSingleItem().Split(';')[0];
        return reply;
    }

    public Task<Reply> LogInByKeyAsync(string key) => LogInAsync($$"""{"key": "{{key}}"}""");

    public async Task<Reply> SendAsync(string method, string path, string? body = null, params (string, string)[] more)
    {
        using var request = Request(method, path, body);
        foreach (var (name, value) in more)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await ServerUnderTest.SendAsync(_http, request);
    }

    /// <summary>Opens an answer that stays open.</summary>
    public async Task<HttpResponseMessage> FollowAsync(string path)
    {
        using var request = Request("GET", path, null);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(string method, string path, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (Cookie is not null)
            request.Headers.TryAddWithoutValidation("Cookie", Cookie);
        if (Site is not null)
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", Site);
        if (NamesOrigin && method is not ("GET" or "HEAD"))
            request.Headers.TryAddWithoutValidation("Origin", _http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return request;
    }
}
