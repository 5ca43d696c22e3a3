using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>Ten pings a second from one member to another, as long as it lasts.</summary>
internal sealed partial class LabPings(LabMember from, LabMember to) : IAsyncDisposable
{
    private readonly Process _ping = from.Host.Machine.Start(
        "ping", "-n", "-D", "-i", "0.1", "-W", "1", to.Now.Address);

    /// <summary>Completes once so many answers have come in a row, none more than half a second after the other.
    /// </summary>
    /// <returns>The longest pause before them, since this was last asked.</returns>
    public async Task<TimeSpan> WaitForAsync(int answers)
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        var longest = TimeSpan.Zero;
        for (var inARow = 0; inARow < answers;)
        {
            var line = await _ping.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new InvalidOperationException("There is no ping any more.");
            if (Answer().Match(line) is not { Success: true } match)
                continue;
            var at = TimeSpan.FromSeconds(double.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture));
            var pause = _last is { } last ? at - last : TimeSpan.Zero;
            _last = at;
            longest = pause > longest ? pause : longest;
            inARow = pause > TimeSpan.FromSeconds(0.5) ? 0 : inARow + 1;
        }

        return longest;
    }

    public async ValueTask DisposeAsync()
    {
        _ping.Kill(entireProcessTree: true);
        await _ping.WaitForExitAsync();
        _ping.Dispose();
    }

    private TimeSpan? _last;

    [GeneratedRegex(@"^\[(?<at>[0-9.]+)\] [0-9]+ bytes from", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Answer();
}
