namespace Sojourn.Server.Keys;

/// <summary>What this process remembers of a key that was used: when, and what is to end with it.</summary>
#pragma warning disable CA1001 // The token source lives as long as the process: streams may ask for it at any time.
internal sealed class KeyInUse
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _revoked = new();
    private long _last;
    private long _written;

    public CancellationToken Revoked => _revoked.Token;

    public DateTimeOffset? Last
    {
        get => Volatile.Read(ref _last) is var ticks and > 0 ? new(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _last, value?.UtcTicks ?? 0);
    }

    /// <summary>The last use that is on record.</summary>
    public DateTimeOffset Written
    {
        set => Volatile.Write(ref _written, value.UtcTicks);
    }

    /// <summary>The last use, if it is not on record.</summary>
    public DateTimeOffset? Unwritten => Last is { } last && last.UtcTicks > Volatile.Read(ref _written) ? last : null;

    public Task RevokeAsync() => _revoked.CancelAsync();
}
