namespace Sojourn.Cli.Explorer;

using Sojourn.Client.Explorer;

/// <summary>What all bots together have done. May be used by many threads at once.</summary>
internal sealed class BotTally(TimeProvider clock)
{
    private readonly Lock _counting = new();
    private readonly long _began = clock.GetTimestamp();
    private readonly SortedDictionary<string, int> _lost = new(StringComparer.Ordinal);
    private readonly WaitCounts _commands = new(), _reads = new();
    private int _begun, _won, _left, _refused;

    public void CountBegun() => Interlocked.Increment(ref _begun);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    /// <param name="ending">How the game ended; null if it was left.</param>
    public void CountEnded(GameEnding? ending)
    {
        lock (_counting)
        {
            if (ending is null)
                _left++;
            else if (ending.Victory)
                _won++;
            else
                _lost[ending.Reason] = _lost.GetValueOrDefault(ending.Reason) + 1;
        }
    }

    /// <summary>Counts one request and how long its answer took.</summary>
    public async Task<T> CommandAsync<T>(Func<Task<T>> send) => await CountAsync(_commands, send);

    /// <summary>As <see cref="CommandAsync{T}"/>, for what changes nothing.</summary>
    public async Task<T> ReadAsync<T>(Func<Task<T>> send) => await CountAsync(_reads, send);

    public BotFigures Figures()
    {
        var seconds = clock.GetElapsedTime(_began).TotalSeconds;
        lock (_counting)
        {
            return new BotFigures(
                _begun, _won, _lost.Values.Sum(), _left,
                new SortedDictionary<string, int>(_lost, StringComparer.Ordinal),
                _commands.Count, _refused, Math.Round(seconds, 3),
                Math.Round(_commands.Count / Math.Max(seconds, 0.001), 1), _commands.Below(0.5), _commands.Below(0.99),
                _reads.Count, _reads.Below(0.5), _reads.Below(0.99));
        }
    }

    private async Task<T> CountAsync<T>(WaitCounts counts, Func<Task<T>> send)
    {
        var sent = clock.GetTimestamp();
        var answer = await send();
        counts.Add(clock.GetElapsedTime(sent));
        return answer;
    }
}

/// <summary>What the bots have done, for people and programs. Times are in milliseconds.</summary>
internal sealed record BotFigures(
    int Games, int Won, int Lost, int Left, IReadOnlyDictionary<string, int> LostBy, long Commands, int Refused,
    double Seconds, double CommandsPerSecond, double CommandP50, double CommandP99, long Reads, double ReadP50,
    double ReadP99);

/// <summary>
/// How long many answers took, in as much memory as for few: each is counted in one of some hundred steps, each step a
/// tenth longer than the one before.
/// </summary>
internal sealed class WaitCounts
{
    private const double Shortest = 0.01, Growth = 1.1;

    private readonly long[] _counts = new long[200];

    public long Count => _counts.Sum();

    public void Add(TimeSpan wait)
    {
        var step = Math.Log(Math.Max(wait.TotalMilliseconds, Shortest) / Shortest, Growth);
        Interlocked.Increment(ref _counts[Math.Clamp((int)Math.Ceiling(step), 0, _counts.Length - 1)]);
    }

    /// <summary>In how many milliseconds this part of the answers was there, to a tenth of it; 0 without any.</summary>
    public double Below(double part)
    {
        var wanted = (long)Math.Ceiling(Count * part);
        var at = 0;
        for (long seen = _counts[0]; seen < wanted; seen += _counts[at])
            at++;
        return wanted == 0 ? 0 : Math.Round(Shortest * Math.Pow(Growth, at), 2);
    }
}
