namespace Sojourn.Engine;

/// <summary>What a driver has in hand: the session, and the way to report, its state's type forgotten.</summary>
internal sealed class DriveLink(Drive drive, Runner runner, SessionStreams streams, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private long _reports;

    public SessionKey Key => drive.Cell.Key;

    public long Term => drive.Lease.Term;

    public async ValueTask<SessionView> ReadAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var answer = await runner.SubmitAsync(new ReadRequest(drive.Cell)).ConfigureAwait(false);
        return answer.IsAccepted
            ? (SessionView)answer.Reply!
            : throw new OperationCanceledException(answer.Problem.Message);
    }

    public async Task WaitAsync(long version, CancellationToken stop)
    {
        while (true)
        {
            // In this order: what is published after the pulse was taken will complete it.
            var pulse = drive.Cell.EnsureLog().NextPulse();
            if (drive.Cell.Visible?.Version > version)
            {
                return;
            }

            await pulse.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    public async ValueTask<Answer<object?>> SendAsync(object command, CancellationToken stop)
    {
        var rule = drive.Cell.Kind.Rules.Commands.GetValueOrDefault(command.GetType()) ?? throw new ArgumentException(
            $"The kind '{drive.Cell.Kind.Name}' has no command {command.GetType().Name}.", nameof(command));
        var report = new Stores.DriverReport(Term, ++_reports);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            stop.ThrowIfCancellationRequested();
            var answer = await runner.SubmitAsync(
                new SendRequest(drive.Cell, rule, command) { Lease = drive.Lease, Report = report })
                .ConfigureAwait(false);
            if (answer.Problem is not { Retryable: true })
            {
                return answer;
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(false);
        }
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadEntryAsync(string stream, long number, CancellationToken stop) =>
        streams.ReadEntryAsync(drive.Cell, stream, number, stop);
}
