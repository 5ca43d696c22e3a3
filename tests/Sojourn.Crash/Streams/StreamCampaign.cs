using System.Collections.Concurrent;
using System.Globalization;

namespace Sojourn.Crash.Streams;

/// <summary>What a campaign against streams saw.</summary>
public sealed record StreamCampaignReport(int Kills, int KillsAtStart, long Acknowledged)
{
    /// <summary>Appends that were sent again, since a kill came before their answer.</summary>
    public required long AskedAgain { get; init; }

    /// <summary>How many of those had been kept.</summary>
    public required long FoundDone { get; init; }

    /// <summary>Streams that were written to, and those that were closed by their producers.</summary>
    public required (int All, int Closed) Streams { get; init; }

    /// <summary>Who followed a stream to its end, and what they were given together.</summary>
    public required (int All, long Messages) Followers { get; init; }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills ({KillsAtStart} of them during a start), {StreamCampaign.Producers} producers, "
        + $"{Streams.All:N0} streams ({Streams.Closed:N0} closed by their producers): {Acknowledged:N0} messages "
        + $"acknowledged, all there, each once and in order; {AskedAgain:N0} appends sent again after a kill, "
        + $"{FoundDone:N0} of them found to be done already; {Followers.All} followers were given "
        + $"{Followers.Messages:N0} messages without a gap or a repeat");
}

/// <summary>
/// Producers append numbered messages to durable streams over HTTP, many on one stream and some alone, as text, bytes
/// and JSON, and some close their streams; the server is killed at random moments; an append without an answer is sent
/// again just as it was. After each start, and at the end, every stream must hold each acknowledged message exactly
/// once, in its producer's order, and nothing that was never sent. Followers read on through all of it, and must have
/// seen in the end just what is there.
/// </summary>
public sealed class StreamCampaign(string directory, int seed)
{
    /// <summary>How many append at once.</summary>
    public const int Producers = 64;

    private readonly Random _chance = new(seed);
    private readonly ConcurrentQueue<Share> _shares = new();
    private readonly ConcurrentDictionary<string, Task> _following = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Follower> _followers = new();
    private long _acknowledged;
    private int _killsAtStart;

    /// <summary>Told now and then how it goes.</summary>
    public Action<string> Progress { get; init; } = _ => { };

    /// <summary>Kills so many times, and checks after each.</summary>
    /// <exception cref="BrokenPromiseException">Something was lost, doubled, out of order or made up.</exception>
    public async Task<StreamCampaignReport> RunAsync(int kills)
    {
        using var way = new Way();
        using var stop = new CancellationTokenSource();
        List<Producer> producers = [.. Enumerable.Range(0, Producers).Select(i => Make(i, way, stop.Token))];
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                await using var child = ChildProcess.Start("serve", directory);
                if (kill > 1 && _chance.Next(10) == 0)
                {
                    // Also while it starts and recovers.
                    _killsAtStart++;
                    Moment.Pass(_chance.Next(800));
                    child.Kill();
                    continue;
                }

                await LiveAsync(child, way, producers, until: _acknowledged + _chance.Next(1, 600));
                if (kill % 20 == 0)
                {
                    Progress($"{kill} kills, {_acknowledged} acknowledged");
                }
            }

            return await EndAsync(kills, way, producers);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(_following.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Producer Make(int number, Way way, CancellationToken stop)
    {
        var errand = number switch
        {
            < 32 => new Errand($"shared/{number % 6}", Messages.Text),
            < 44 => new Errand($"messages/{number % 3}", Messages.Json),
            < 54 => new Errand($"alone/{number}", Messages.Bytes),
            _ => new Errand($"closing/{number}", number % 2 == 0 ? Messages.Text : Messages.Json, Closes: true),
        };
        return new Producer($"p{number}", errand, new Random(seed + number))
        {
            Begins = _shares.Enqueue,
            HasCreated = share => Follow(number, share, way, stop),
        };
    }

    /// <summary>Some streams have one who polls, some one who listens, some both, most neither.</summary>
    private void Follow(int number, Share share, Way way, CancellationToken stop)
    {
        bool[] ways = number switch
        {
            0 or 32 or 44 => [true, false],
            1 or 33 or 45 or 54 or 55 => [false],
            2 or 46 or 56 => [true],
            _ => [],
        };
        foreach (var polls in ways)
        {
            var follower = new Follower(share, polls, way);
            _followers.Enqueue(follower);
            _following[follower.ToString()] = Task.Run(() => follower.RunAsync(stop), CancellationToken.None);
        }
    }

    private async Task LiveAsync(ChildProcess child, Way way, List<Producer> producers, long until)
    {
        way.Open(await OpenAsync(child));
        await CheckAsync(way);
        using var over = new CancellationTokenSource();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = Task.WhenAll(producers.Select(async producer =>
        {
            while (await producer.AppendAsync(way.Http, over.Token) is >= 0 and var count)
            {
                if (Interlocked.Add(ref _acknowledged, count) >= until)
                {
                    enough.TrySetResult();
                }
            }
        }));
        await Task.WhenAny(enough.Task, working);
        Moment.Pass(_chance.Next(3));
        way.Close();
        child.Kill();
        // Who comes now would wait for the next server.
        await over.CancelAsync();
        await working;
        foreach (var broken in _following.Values.Where(following => following.IsFaulted))
        {
            await broken;
        }
    }

    /// <summary>
    /// All that is uncertain is asked again, and each producer appends once more; then every stream is closed, so that
    /// its followers end.
    /// </summary>
    private async Task<StreamCampaignReport> EndAsync(int kills, Way way, List<Producer> producers)
    {
        await using var child = ChildProcess.Start("serve", directory);
        way.Open(await OpenAsync(child));
        await CheckAsync(way);
        foreach (var producer in producers.Where(producer => producer.IsUncertain).Concat(producers))
        {
            _acknowledged += Math.Max(0, await producer.AppendAsync(way.Http, CancellationToken.None));
            Promise.Expect(!producer.IsUncertain, "A server that nobody killed did not answer");
        }

        var closed = _shares.Count(share => share.IsClosed);
        foreach (var share in _shares.Where(share => share is { IsCreated: true, IsClosed: false }))
        {
            using var close = new HttpRequestMessage(HttpMethod.Post, share.Path);
            close.Headers.Add("Stream-Closed", "true");
            using var answer = await way.Http.SendAsync(close);
            Promise.Expect(answer.IsSuccessStatusCode, $"{share.Stream} could not be closed");
            share.IsClosed = true;
        }

        var whole = await CheckAsync(way);
        await Task.WhenAll(_following.Values);
        foreach (var follower in _followers)
        {
            Promise.Expect(
                follower.Seen.SequenceEqual(whole[follower.Share.Stream]),
                $"{follower} saw {follower.Seen.Count} messages, and not what is there");
        }

        return new StreamCampaignReport(kills, _killsAtStart, _acknowledged)
        {
            AskedAgain = producers.Sum(producer => producer.AskedAgain),
            FoundDone = producers.Sum(producer => producer.FoundDone),
            Streams = (whole.Count, closed),
            Followers = (_followers.Count, _followers.Sum(follower => (long)follower.Seen.Count)),
        };
    }

    private static async Task<int> OpenAsync(ChildProcess child) =>
        int.Parse((await child.ReadyAsync())[0], CultureInfo.InvariantCulture);

    private async Task<Dictionary<string, IReadOnlyList<Message>>> CheckAsync(Way way)
    {
        var check = new StreamCheck(way.Http);
        var whole = new Dictionary<string, IReadOnlyList<Message>>(StringComparer.Ordinal);
        foreach (var stream in _shares.GroupBy(share => share.Stream, StringComparer.Ordinal))
        {
            whole.Add(stream.Key, await check.CheckAsync([.. stream]));
        }

        return whole;
    }
}
