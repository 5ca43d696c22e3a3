using System.Collections.Immutable;

namespace Sojourn.Crash;

/// <summary>
/// Counts, for each client, how many of its entries were booked. It does not know what a repetition is.
/// </summary>
internal sealed record Account(ImmutableSortedDictionary<string, long> Booked);

internal sealed record OpenAccount : IStart<Account>;

internal sealed record Book(string Client, long Number) : ICommand<long>;

internal sealed record Booked(string Client, long Number);

internal sealed class AccountKind : Kind<Account>
{
    public AccountKind()
        // A long campaign sends more to a session within a day than operation ids and events are kept by default.
        : base("account", new Policy { MaxOperations = 1_000_000, RetainedEvents = 1_000_000 })
    {
        Start<OpenAccount>((start, context) => Go(new Account(ImmutableSortedDictionary<string, long>.Empty)));
        On<Book, long>((account, book, context) =>
        {
            var count = account.Booked.GetValueOrDefault(book.Client) + 1;
            return Go(new Account(account.Booked.SetItem(book.Client, count)))
                .Event(new Booked(book.Client, book.Number)).Reply(count);
        });
    }
}
