using Sojourn.Client;
using Sojourn.Client.Agents;

namespace Sojourn.Bench;

/// <summary>A session of an agent's server, and a client that is attached to it.</summary>
internal sealed class AttachedTerminal : BenchTerminal
{
    private readonly CancellationTokenSource _left = new();
    private readonly AgentAttachment _attachment;
    private readonly Task _following;

    public AttachedTerminal(SojournClient client, string id, string greeting)
        : base(greeting)
    {
        Id = id;
        _attachment = client.AttachAgent(id);
        _following = Task.Run(FollowAsync);
    }

    /// <summary>The session's.</summary>
    public string Id { get; }

    public override ValueTask TypeAsync(ReadOnlyMemory<byte> keys) => _attachment.TypeAsync(keys);

    /// <summary>Leaves; the session stays.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _left.Dispose();
    }

    private async Task FollowAsync()
    {
        await foreach (var news in _attachment.FollowAsync(_left.Token))
        {
            if (news is AttachOutput output)
            {
                Take(output.Bytes.Span);
            }
            else if (news is AttachScreen screen)
            {
                Pictures++;
                Take(screen.Bytes.Span);
            }
        }
    }
}
