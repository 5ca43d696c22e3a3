namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

internal static class RemoveVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var ids = Arguments.Sessions();
        var verb = new Verb(
            "rm", "Removes sessions at once, with all that belongs to them.",
            "sojourn rm generation/my-story generation/my-other-story") { ids };
        return (verb, RunAsync);

        async Task<int> RunAsync(Call call, CancellationToken stop)
        {
            var results = new List<object>();
            var code = ExitCodes.Done;
            foreach (var address in call.Parse.GetRequiredValue(ids))
            {
                var failure = await TryRemoveAsync(call, address, stop);
                results.Add(new { id = address.ToString(), removed = failure is null, problem = failure?.Problem });
                if (failure is not null && code == ExitCodes.Done)
                    code = failure.ExitCode;
            }

            if (call.Json)
                call.Document(new { results });
            return code;
        }
    }

    /// <summary>One that cannot be removed does not save the others.</summary>
    private static async Task<Failure?> TryRemoveAsync(Call call, SessionAddress address, CancellationToken stop)
    {
        try
        {
            await call.Client.RemoveAsync(address.Kind, address.Id, expectedVersion: null, stop);
            if (!call.Json)
                call.Say($"Removed {address}.");
            return null;
        }
        catch (SojournProblemException refused) when (Failure.Of(refused) is { } failure)
        {
            failure.Tell(call.Terminal, call.Json);
            return failure;
        }
    }
}
