using System.Text.Json;
using Sojourn.Kinds.Agents.Driving;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>All that goes on beside each other while a program is spoken with.</summary>
internal static class ProgramSpeech
{
    /// <summary>Greets, and reads to the end of the output. What fails ends all of it.</summary>
    /// <param name="link">The program.</param>
    /// <param name="input">Its input, for answers that need nobody.</param>
    /// <param name="take">Is given each line.</param>
    /// <param name="greet">Says what is to be said first, while lines are read.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task RunAsync(
        ProgramLink link, ProgramInput input, Action<JsonElement, List<AgentNews>> take,
        Func<CancellationToken, Task> greet, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reader = new ProgramReader(link);
        var output = reader.ReadOutputAsync(take, over.Token);
        var errors = reader.ReadErrorsAsync(over.Token);
        List<Task> all = [output, errors, greet(over.Token), input.RunAsync(over.Token)];
        try
        {
            await foreach (var ended in Task.WhenEach(all).WithCancellation(stop))
            {
                await ended;
                if (output.IsCompleted && errors.IsCompleted)
                {
                    // The greeting may wait for an answer that cannot come any more.
                    break;
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        stop.ThrowIfCancellationRequested();
    }
}
