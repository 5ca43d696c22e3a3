using System.Globalization;

namespace Sojourn.Crash;

/// <summary>Something that was acknowledged is missing, or there twice.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message);

/// <summary>What a campaign saw.</summary>
public sealed record CampaignReport(int Kills, int KillsAtStart, long Acknowledged, long AskedAgain, long FoundDone)
{
    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills ({KillsAtStart} of them during a start): {Acknowledged:N0} acknowledged, all there, each once; "
        + $"{AskedAgain:N0} asked again after a kill, {FoundDone:N0} of them found to be done already");
}

/// <summary>
/// Clients book entries, each under an operation id of its own and one after another; the process is killed at random
/// moments; what a client has no answer for, it asks again. The ledger of what was acknowledged is kept here,
/// outside. After each start, and at the end, every session must hold each acknowledged entry exactly once.
/// </summary>
public sealed class Campaign(string directory, int seed)
{
    private const int Sessions = 8;
    private const int Clients = 24;

    private readonly Random _chance = new(seed);
    private readonly List<Client> _clients =
        [.. Enumerable.Range(0, Clients).Select(i => new Client($"c{i}", $"s{i % Sessions}"))];
    private long _acknowledged;
    private long _askedAgain;
    private long _foundDone;
    private int _killsAtStart;
    private int _tokens;

    /// <summary>Told now and then how it goes.</summary>
    public Action<string> Progress { get; init; } = _ => { };

    /// <summary>Kills so many times, and checks after each.</summary>
    /// <exception cref="BrokenPromiseException">Something was lost or doubled.</exception>
    public async Task<CampaignReport> RunAsync(int kills)
    {
        for (var kill = 1; kill <= kills; kill++)
        {
            await using var child = ChildProcess.Start("child", directory);
            if (_chance.Next(10) == 0)
            {
                // Also while it starts and recovers.
                _killsAtStart++;
                Moment.Pass(_chance.Next(60));
                child.Kill();
                continue;
            }

            await LiveAsync(child, until: _acknowledged + _chance.Next(1, 400));
            if (kill % 50 == 0)
            {
                Progress($"{kill} kills, {_acknowledged} acknowledged");
            }
        }

        await using var last = ChildProcess.Start("child", directory);
        await last.ReadyAsync();
        await Task.WhenAll(_clients.Where(client => client.IsAsking).Select(client => AskAsync(last, client)));
        await CheckAsync(last);
        return new CampaignReport(kills, _killsAtStart, _acknowledged, _askedAgain, _foundDone);
    }

    private async Task LiveAsync(ChildProcess child, long until)
    {
        await child.ReadyAsync();
        await CheckAsync(child);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = Task.WhenAll(_clients.Select(async client =>
        {
            while (await AskAsync(child, client))
            {
                if (Interlocked.Increment(ref _acknowledged) >= until)
                {
                    enough.TrySetResult();
                }
            }
        }));
        await Task.WhenAny(enough.Task, working);
        Moment.Pass(_chance.Next(3));
        child.Kill();
        await working;
    }

    /// <summary>Asks a client's current entry; false if the process died before it answered.</summary>
    private async Task<bool> AskAsync(ChildProcess child, Client client)
    {
        if (client.IsAsking)
        {
            Interlocked.Increment(ref _askedAgain);
        }

        client.IsAsking = true;
        var token = $"t{Interlocked.Increment(ref _tokens)}";
        var line = $"book {token} {client.Session} {client.Name} {client.Next}";
        await foreach (var answer in child.AskAsync(token, line))
        {
            if (answer is not ["ok", _, var reply, _, var replayed])
            {
                throw new BrokenPromiseException($"{client.Name} was answered: {string.Join(' ', answer)}");
            }

            if (reply != client.Next.ToString(CultureInfo.InvariantCulture))
            {
                throw new BrokenPromiseException(
                    $"{client.Name}'s entry {client.Next} was answered as its {reply}th: one was lost or doubled.");
            }

            Interlocked.Add(ref _foundDone, replayed == "True" ? 1 : 0);
            client.Next++;
            client.IsAsking = false;
            return true;
        }

        return false;
    }

    private async Task CheckAsync(ChildProcess child)
    {
        for (var session = 0; session < Sessions; session++)
        {
            await CheckAsync(child, $"s{session}");
        }
    }

    private async Task CheckAsync(ChildProcess child, string session)
    {
        var logged = _clients.Where(client => client.Session == session)
            .ToDictionary(client => client.Name, _ => 0L, StringComparer.Ordinal);
        var counted = new Dictionary<string, long>(logged, StringComparer.Ordinal);
        var (token, events) = ($"d{Interlocked.Increment(ref _tokens)}", 0L);
        await foreach (var line in child.AskAsync(token, $"dump {token} {session}"))
        {
            switch (line)
            {
                case ["event", _, var number, var client, var entry]:
                    Expect(Parse(number) == ++events, $"{session}: event {number} where {events} was due");
                    Expect(
                        Parse(entry) == ++logged[client],
                        $"{session}: {client}'s entry {entry} where {logged[client]} was due");
                    break;
                case ["count", _, var client, var count]:
                    counted[client] = Parse(count);
                    break;
                case ["end", ..]:
                    break;
                default:
                    throw new BrokenPromiseException($"{session}: {string.Join(' ', line)}");
            }
        }

        foreach (var client in _clients.Where(client => client.Session == session))
        {
            var (atLeast, atMost) = (client.Next - 1, client.Next - 1 + (client.IsAsking ? 1 : 0));
            var count = counted[client.Name];
            Expect(
                count >= atLeast && count <= atMost,
                $"{session}: {count} of {client.Name}'s are booked; {atLeast} were acknowledged, {atMost} asked");
            Expect(
                count == logged[client.Name],
                $"{session}: {client.Name} has {count} booked but {logged[client.Name]} logged");
        }
    }

    private static long Parse(string number) => long.Parse(number, CultureInfo.InvariantCulture);

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(otherwise);
        }
    }

    private sealed class Client(string name, string session)
    {
        public string Name => name;

        public string Session => session;

        /// <summary>The entry that is to be booked next; the first is 1.</summary>
        public long Next { get; set; } = 1;

        /// <summary>True while its outcome is not known.</summary>
        public bool IsAsking { get; set; }
    }
}
