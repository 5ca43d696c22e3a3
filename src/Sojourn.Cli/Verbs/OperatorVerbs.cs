using System.CommandLine;
using System.Globalization;

namespace Sojourn.Cli.Verbs;

/// <summary>What an operator does to a server's whole store; the server does it, and wants an admin key.</summary>
internal static class OperatorVerbs
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateBackup()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "What to call it: a-z, 0-9 and '-' [the date and time]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var verb = new Verb(
            "backup", "Has the server back its whole store up, while work goes on; needs an admin key.",
            "sojourn backup before-upgrade") { name };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var backup = await call.Client.BackUpAsync(call.Parse.GetValue(name), stop);
            if (call.Json)
            {
                call.Document(backup);
                return ExitCodes.Done;
            }

            call.Say($"Backup {backup.Name}: {Number(backup.Sessions)} sessions, {Number(backup.Bytes)} bytes, "
                + "compared with the store and found the same.");
            call.Say($"On the server: {backup.Directory}");
            Tell(call, backup.DamagedRecords, backup.Damaged);
            return ExitCodes.Done;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateVerify()
    {
        var verb = new Verb(
            "verify", "Has the server compare every stored record with its checksum; needs an admin key.",
            "sojourn verify");
        return (verb, RunAsync);

        static async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var found = await call.Client.VerifyAsync(stop);
            if (call.Json)
            {
                call.Document(found);
            }
            else
            {
                call.Say($"{Number(found.Sessions)} sessions and {Number(found.Entries)} entries were read, "
                    + $"{Number(found.DamagedRecords)} records are damaged.");
                Tell(call, found.DamagedRecords, found.Damaged);
            }

            return found.DamagedRecords == 0 ? ExitCodes.Done : ExitCodes.Failed;
        }
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateCleanUp()
    {
        var kind = Arguments.OptionalKind();
        var filters = new FilterOptions();
        var owner = Arguments.Owner("Only this owner's sessions [everybody's]");
        var limit = new Option<int?>("--limit")
        {
            Description = "At most so many, 1 to 100000 [10000]",
            HelpName = "N",
        };
        var verb = new Verb(
            "clean-up", "Removes sessions of all owners that match and are not busy; needs an admin key.",
            "sojourn clean-up generation --final --status-for 30d") { kind, owner, limit };
        filters.AddTo(verb);
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var parse = call.Parse;
            if (!filters.AreGiven(parse))
                throw new UsageException("Say which sessions are meant, with filters such as --final or --idle-for.");
            var cleaned = await call.Client.CleanUpAsync(
                filters.Read(parse, call.Terminal.Clock.GetUtcNow()), parse.GetValue(kind), parse.GetValue(owner),
                parse.GetValue(limit), stop);
            if (call.Json)
                call.Document(cleaned);
            else
                call.Say($"{Number(cleaned.Removed)} removed." + (cleaned.More ? " There may be more." : ""));
            return ExitCodes.Done;
        }
    }

    private static void Tell(Call call, long count, IReadOnlyList<string> damaged)
    {
        foreach (var sentence in damaged)
            call.Say(sentence);
        if (count > damaged.Count)
            call.Say($"… and {Number(count - damaged.Count)} more.");
        if (count > 0)
            call.Say($"To list what is damaged: {call.Hint("ls --damaged")}");
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
