using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sojourn.Bench;

/// <summary>
/// The least that a server of streams can do: bodies go to a raw log in groups, each answered when it is flushed, and
/// to those who follow. Names are not looked at, nothing is kept in memory, nothing can be read again.
/// </summary>
internal sealed class BareStreams : IDisposable
{
    private readonly RawLog _log;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _more = new(0);
    private readonly Thread _writer;
    private List<Append> _waiting = [];
    private Link _end = new();
    private bool _isOver;

    public BareStreams(string path)
    {
        _log = new RawLog(path);
        _writer = new Thread(Write) { IsBackground = true };
        _writer.Start();
    }

    public void Map(WebApplication server)
    {
        server.MapPut("/v1/streams/{name}", (HttpContext context) => context.Response.StatusCode = 201);
        server.MapPost("/v1/streams/{name}", AppendAsync);
        server.MapGet("/v1/streams/{name}", FollowAsync);
    }

    public void Dispose()
    {
        _isOver = true;
        _more.Release();
        _writer.Join();
        _log.Dispose();
        _more.Dispose();
    }

    private async Task AppendAsync(HttpContext context)
    {
        var body = new byte[(int)context.Request.ContentLength!.Value];
        await context.Request.Body.ReadExactlyAsync(body);
        var append = new Append(body);
        lock (_gate)
        {
            _waiting.Add(append);
            if (_waiting.Count == 1)
            {
                _more.Release();
            }
        }

        await append.Done.Task;
        context.Response.StatusCode = 204;
    }

    private async Task FollowAsync(HttpContext context)
    {
        var link = _end;
        context.Response.ContentType = "text/event-stream";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.Body.WriteAsync(":\n\n"u8.ToArray());
        while (!context.RequestAborted.IsCancellationRequested)
        {
            link = await link.Next.Task.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(link.Frame);
        }
    }

    private void Write()
    {
        while (true)
        {
            _more.Wait();
            if (_isOver)
            {
                return;
            }

            List<Append> group;
            lock (_gate)
            {
                (group, _waiting) = (_waiting, []);
            }

            _log.Append([.. group.Select(each => each.Body)]);
            foreach (var each in group)
            {
                each.Done.SetResult();
                var next = new Link([.. "data:"u8, .. each.Body, .. "\n\n"u8]);
                _end.Next.SetResult(next);
                _end = next;
            }
        }
    }

    private sealed record Append(byte[] Body)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What has been appended, as a chain: whoever follows holds the link that it has seen last.</summary>
    private sealed class Link(byte[]? frame = null)
    {
        public byte[] Frame { get; } = frame ?? [];

        public TaskCompletionSource<Link> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
