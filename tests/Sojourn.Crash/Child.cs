using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sojourn.Sqlite;

namespace Sojourn.Crash;

/// <summary>
/// The process that is killed: an engine on SQLite that books what it reads and says what it has booked. A line in is
/// <c>book TOKEN SESSION CLIENT NUMBER</c> or <c>dump TOKEN SESSION</c>; lines out begin with a word and the token.
/// </summary>
internal static class Child
{
    public static async Task RunAsync(string directory)
    {
        var services = new ServiceCollection();
        services.AddSojourn(options => options.UseSqlite(directory, MakeTiny)).AddKind<AccountKind>();
        await using var provider = services.BuildServiceProvider();
        var sojourn = provider.GetRequiredService<SojournEngine>();
        await sojourn.StartAsync();
        Say("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            _ = AnswerAsync(sojourn, line.Split(' '));
        }
    }

    /// <summary>So that kills also meet segments being begun and freed, and changes on their way into SQLite.</summary>
    public static void MakeTiny(JournalOptions journal)
    {
        journal.SegmentBytes = 64 << 10;
        journal.FoldBytes = 32 << 10;
        journal.FoldAfter = TimeSpan.FromMilliseconds(20);
    }

    public static void Say(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    private static async Task AnswerAsync(SojournEngine sojourn, string[] words)
    {
        try
        {
            switch (words)
            {
                case ["book", var token, var session, var client, var number]:
                    var book = new Book(client, long.Parse(number, CultureInfo.InvariantCulture));
                    await BookAsync(sojourn, token, session, book);
                    break;
                case ["dump", var token, var session]:
                    await DumpAsync(sojourn, token, session);
                    break;
                default:
                    Say($"broken - no such line: {string.Join(' ', words)}");
                    break;
            }
        }
        catch (Exception broken)
        {
            Say($"broken {words[1]} {broken.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static async Task BookAsync(SojournEngine sojourn, string token, string session, Book book)
    {
        await sojourn.CreateAsync(new OpenAccount(), new CreateOptions { Id = session, GetIfExists = true });
        var answer = await sojourn.SendAsync(
            session, book, new SendOptions { OperationId = $"{book.Client}-{book.Number}" });
        Say(answer.IsAccepted
            ? $"ok {token} {answer.Reply} {answer.Version} {answer.IsReplay}"
            : $"broken {token} {answer.Problem.Message}");
    }

    private static async Task DumpAsync(SojournEngine sojourn, string token, string session)
    {
        var key = new SessionKey("account", OwnerId.Local, session);
        if ((await sojourn.GetAsync<Account>(session)).Problem is null)
        {
            var after = 0L;
            while (await sojourn.ReadEventsAsync(key, after, 500) is { Count: > 0 } page)
            {
                foreach (var happened in page)
                {
                    var booked = happened.Data<Booked>();
                    Say($"event {token} {happened.Number} {booked.Client} {booked.Number}");
                    after = happened.Number;
                }
            }

            foreach (var (client, count) in (await sojourn.GetAsync<Account>(session)).Reply.State.Booked)
            {
                Say($"count {token} {client} {count}");
            }
        }

        Say($"end {token}");
    }
}
