using System.Globalization;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

/// <summary>Tells what becomes of many sessions while it happens, and at last how many there were.</summary>
internal sealed class BulkRun(Call call)
{
    private const long Milestone = 1_000;

    private long _done;
    private long _failed;
    private int _code;

    public async Task TakeAsync(IAsyncEnumerable<ManyResult> results)
    {
        await foreach (var result in results)
            Take(result);
    }

    /// <returns>The exit code: that of the first that failed.</returns>
    public int End()
    {
        if (call.Json)
            call.JsonLine(new { done = _done, failed = _failed });
        else
            call.Say($"{Number(_done)} done, {Number(_failed)} failed.");
        return _code;
    }

    private void Take(ManyResult result)
    {
        if (result.Ok)
            _done++;
        else
            TakeFailure(result);

        if (call.Json)
            call.JsonLine(result);
        // Beside the results, for whoever waits.
        else if ((_done + _failed) % Milestone == 0)
            call.Terminal.Error.WriteLine($"{Number(_done + _failed)} so far…");
    }

    private void TakeFailure(ManyResult result)
    {
        var problem = result.Problem ?? new SojournProblem();
        _code = _failed++ == 0 ? ExitCodes.Of(problem) : _code;
        if (!call.Json)
            call.Say($"{result.Id}: {problem.Detail ?? problem.Title}");
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
