namespace Sojourn.Cli.Verbs;

internal static class RemoveVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var ids = Arguments.Sessions();
        var verb = new Verb(
            "rm", "Removes sessions at once, with all that belongs to them.",
            "sojourn rm generation/my-story generation/my-other-story") { ids };
        return (verb, (call, stop) => EachSession.DoAsync(
            call, call.Parse.GetRequiredValue(ids), "removed",
            address => call.Client.RemoveAsync(address.Kind, address.Id, expectedVersion: null, stop)));
    }
}
