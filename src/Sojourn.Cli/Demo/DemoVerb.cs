using System.CommandLine;

namespace Sojourn.Cli.Demo;

internal static class DemoVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var remove = new Option<bool>("--remove")
        {
            Description = "Remove what was made, and all else with the label demo:yes",
        };
        var verb = new Verb(
            "demo", "Fills a running server with one of everything to look at; twice is once.",
            "sojourn demo", "sojourn demo --remove") { remove };
        return (verb, RunAsync);

        Task<int> RunAsync(Call call, CancellationToken stop) =>
            call.Parse.GetValue(remove) ? RemoveAsync(call, stop) : FillAsync(call, stop);
    }

    private static async Task<int> FillAsync(Call call, CancellationToken stop)
    {
        var pieces = new List<DemoPiece>();
        await foreach (var piece in new Demonstration(call.Client).FillAsync(stop))
        {
            pieces.Add(piece);
            if (!call.Json)
                call.Say($"{piece.Name}: {piece.What}");
        }

        if (call.Json)
        {
            call.Document(new { pieces });
            return ExitCodes.Done;
        }

        call.Say("");
        call.Say($"To look at it: {call.Hint("console --open")}");
        call.Say($"To remove it:  {call.Hint("demo --remove")}");
        return ExitCodes.Done;
    }

    private static async Task<int> RemoveAsync(Call call, CancellationToken stop)
    {
        var (sessions, streams) = await new Demonstration(call.Client).RemoveAsync(stop);
        if (call.Json)
            call.Document(new { sessions, streams });
        else
            call.Say($"Removed: {sessions} sessions, {streams} streams.");
        return ExitCodes.Done;
    }
}
