using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Play.Server;

/// <summary>The real program, killed while a save is on its way to it.</summary>
[Collection(Lane.SecondProcesses)]
public sealed class KilledUploadTests
{
    [Fact]
    public async Task A_server_that_is_killed_in_an_upload_has_the_old_save_or_the_new_one_and_never_a_part()
    {
        await using var server = await KillableServer.StartAsync("0s");
        var old = CloudUnderTest.Bytes(200_000, 1);
        using (var http = Client(server))
        {
            (await CloudUnderTest.AskAsync(http, "PUT", "/wings/1", old, ("If-None-Match", "*"))).Status.ShouldBe(200);
        }

        // Half of it has arrived.
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Url.Host, server.Url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /v1/play-slots/wings/1?force=true HTTP/1.1\r\nHost: {server.Url.Authority}\r\n"
            + $"Authorization: Bearer {server.Key}\r\nContent-Length: 200000\r\n\r\n"));
        await stream.WriteAsync(CloudUnderTest.Bytes(100_000, 2));
        await server.KillAsync();
        await server.StartAgainAsync();
        await ShouldHoldAsync(server, old);

        // And at some moment about its end.
        var next = CloudUnderTest.Bytes(8 << 20, 3);
        var holds = old;
        foreach (var milliseconds in (int[])[5, 20, 60])
        {
            using var http = Client(server);
            var uploading = CloudUnderTest.AskAsync(http, "PUT", "/wings/1?force=true", next);
            await Task.WhenAny(uploading, LaterAsync(milliseconds));
            await server.KillAsync();
            var isDone = await uploading.ContinueWith(
                task => task.IsCompletedSuccessfully && task.Result.Status == 200, TaskScheduler.Default);
            await server.StartAgainAsync();
            holds = await ShouldHoldAsync(server, isDone ? [next] : [holds, next]);
        }
    }

    private static Task LaterAsync(int milliseconds)
    {
        var later = new TaskCompletionSource();
        var timer = new Timer(_ => later.TrySetResult(), null, milliseconds, Timeout.Infinite);
        return later.Task.ContinueWith(_ => timer.Dispose(), TaskScheduler.Default);
    }

    private static async Task<byte[]> ShouldHoldAsync(KillableServer server, params byte[][] either)
    {
        using var http = Client(server);
        var got = await CloudUnderTest.AskAsync(http, "GET", "/wings/1");
        got.Status.ShouldBe(200);
        either.Any(save => save.AsSpan().SequenceEqual(got.Bytes)).ShouldBeTrue($"{got.Bytes.Length} bytes");
        return got.Bytes;
    }

    private static HttpClient Client(KillableServer server)
    {
        var http = new HttpClient { BaseAddress = server.Url, Timeout = SojournProcess.Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        return http;
    }
}
