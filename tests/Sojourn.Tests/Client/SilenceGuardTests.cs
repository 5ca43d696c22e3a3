using System.IO.Pipelines;

namespace Sojourn.Tests.Client;

using Sojourn.Client;

public sealed class SilenceGuardTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    private readonly CrankedClock _clock = new();
    private readonly Pipe _pipe = new();
    private readonly byte[] _buffer = new byte[16];

    [Fact]
    public async Task A_heartbeat_keeps_a_connection_alive()
    {
        await using var guard = new SilenceGuard(_pipe.Reader.AsStream(), Limit, _clock);
        for (var i = 0; i < 3; i++)
        {
            var reading = guard.ReadAsync(_buffer);
            _clock.Advance(Limit - TimeSpan.FromSeconds(1));
            reading.IsCompleted.ShouldBeFalse();
            await _pipe.Writer.WriteAsync(": heartbeat\n"u8.ToArray());
            (await reading).ShouldBe(12);
        }
    }

    [Fact]
    public async Task Silence_beyond_the_limit_fails_the_reading()
    {
        await using var guard = new SilenceGuard(_pipe.Reader.AsStream(), Limit, _clock);
        var reading = guard.ReadAsync(_buffer).AsTask();

        _clock.Advance(Limit);

        (await Should.ThrowAsync<TimeoutException>(reading)).Message.ShouldBe("nothing arrived for 45 s");
    }

    [Fact]
    public async Task Who_stops_reading_is_not_told_of_silence()
    {
        await using var guard = new SilenceGuard(_pipe.Reader.AsStream(), Limit, _clock);
        using var stop = new CancellationTokenSource();
        var reading = guard.ReadAsync(_buffer, stop.Token).AsTask();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading);
    }
}
