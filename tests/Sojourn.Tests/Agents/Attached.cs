using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Agents.Screens;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;
using Sojourn.Client.Agents;

/// <summary>A client on an agent: a screen that draws what comes, and the log as it came.</summary>
internal sealed class Attached : IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly AgentAttachment _attachment;
    private readonly Channel<string> _pictures = Channel.CreateUnbounded<string>();
    private readonly Channel<SessionEvent> _unread = Channel.CreateUnbounded<SessionEvent>();
    private readonly ScreenOutput _ignored = new();
    private readonly Task _following;
    private Screen _screen = new(new TerminalSize(80, 24));

    public Attached(AgentAttachment attachment)
    {
        _attachment = attachment;
        _following = FollowAsync();
    }

    public List<SessionEvent> Events { get; } = [];

    public int Screens { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>What was to be read when it last was waited for.</summary>
    public string Text { get; private set; } = "";

    public ValueTask TypeAsync(string keys) => _attachment.TypeAsync(Encoding.UTF8.GetBytes(keys));

    /// <summary>Completes once this is to be read.</summary>
    public async Task<string> WaitForAsync(string part)
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        try
        {
            while (!Text.Contains(part, StringComparison.Ordinal))
                Text = await _pictures.Reader.ReadAsync(patience.Token);
            return Text;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"'{part}' did not appear; there is:\n{Text}", late);
        }
    }

    /// <summary>Completes with the next event of a type.</summary>
    public async Task<JsonElement> NextAsync(string type) => (await NextAsync([type])).Data;

    /// <summary>Completes with the next event of one of these types.</summary>
    public async Task<(string Type, JsonElement Data)> NextAsync(params string[] types)
    {
        using var patience = new CancellationTokenSource(AgentServer.Patience);
        while (true)
        {
            var happened = await _unread.Reader.ReadAsync(patience.Token);
            if (types.Contains(happened.Type))
                return (happened.Type, happened.Data!.Value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await _following;
        _left.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var news in _attachment.FollowAsync(_left.Token))
            {
                Take(news);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how one leaves.
        }
        finally
        {
            _pictures.Writer.TryComplete();
            _unread.Writer.TryComplete();
        }
    }

    private void Take(AttachNews news)
    {
        switch (news)
        {
            case AttachEvent(var happened):
                Events.Add(happened);
                _unread.Writer.TryWrite(happened);
                break;
            case AttachScreen(var columns, var rows, var bytes):
                Screens++;
                _screen = new Screen(new TerminalSize(columns, rows));
                Draw(bytes.Span);
                break;
            case AttachOutput(var bytes):
                Draw(bytes.Span);
                break;
            default:
                // Connections come and go.
                break;
        }
    }

    private void Draw(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        _ignored.Clear();
        _screen.Write(bytes, _ignored);
        _pictures.Writer.TryWrite(_screen.Text());
    }
}
