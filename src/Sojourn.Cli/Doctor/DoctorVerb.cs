namespace Sojourn.Cli.Doctor;

internal static class DoctorVerb
{
    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var verb = new Verb(
            "doctor", "Looks for what keeps this program from its server, and says what to do about it.",
            "sojourn doctor", "sojourn doctor --url http://127.0.0.1:7707 --json");
        return (verb, RunAsync);
    }

    private static async Task<int> RunAsync(Call call, CancellationToken stop)
    {
        List<Finding> findings = [KeyCheck.Look(call), .. await ServerCheck.LookAsync(call, stop)];
        if (call.Json)
            call.Document(new { checks = findings });
        else
            findings.ForEach(finding => Tell(call, finding));
        return findings.Find(finding => finding.Result == "fail")?.ExitCode ?? ExitCodes.Done;
    }

    private static void Tell(Call call, Finding finding)
    {
        call.Say($"{finding.Result,-5} {finding.Check,-7} {finding.Message}");
        if (finding.Advice is { } advice)
            call.Say($"{"",-13} {advice}");
    }
}
