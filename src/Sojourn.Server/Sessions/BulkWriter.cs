using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Sojourn.Server.Json;
using Sojourn.Server.Problems;

namespace Sojourn.Server.Sessions;

/// <summary>
/// Writes the results of many, a line each, and at last how many there were: without that line the answer is not whole.
/// </summary>
/// <param name="output">Nothing leaves before a flush, which waits for slow readers.</param>
/// <param name="command">What was asked; null for removals.</param>
/// <param name="kinds">For what problems show.</param>
internal sealed class BulkWriter(
    PipeWriter output, CommandDescription? command, IReadOnlyDictionary<string, KindDescription> kinds)
{
    public const string MediaType = "application/x-ndjson";

    private const int MostUnflushedBytes = 64 << 10;

    private Task<bool> _next = Task.FromResult(false);
    private long _done;
    private long _failed;

    /// <param name="results">What to write.</param>
    /// <param name="beats">When the answer was silent for too long.</param>
    /// <param name="stop">Ends it; cancelled on return.</param>
    public async ValueTask RunAsync(
        IAsyncEnumerable<ManyResult> results, PeriodicTimer beats, CancellationTokenSource stop)
    {
        await using var each = results.GetAsyncEnumerator(CancellationToken.None);
        try
        {
            _next = each.MoveNextAsync().AsTask();
            var beat = beats.WaitForNextTickAsync(stop.Token).AsTask();
            while (!_next.IsCompleted || await _next)
            {
                if (_next.IsCompleted || await Task.WhenAny(_next, beat) == _next)
                {
                    await PassOnAsync(each, stop.Token);
                    continue;
                }

                await beat;
                beat = beats.WaitForNextTickAsync(stop.Token).AsTask();
                // An empty line, so that both sides notice a dead connection.
                output.Write("\n"u8);
                await output.FlushAsync(stop.Token);
            }

            WriteEnd();
            await output.FlushAsync(stop.Token);
        }
        finally
        {
            // The enumeration must not be disposed of while it is being asked for more.
            await stop.CancelAsync();
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask PassOnAsync(IAsyncEnumerator<ManyResult> each, CancellationToken stop)
    {
        if (!await _next)
        {
            return;
        }

        Write(each.Current);
        _next = each.MoveNextAsync().AsTask();
        if (!_next.IsCompleted || output.UnflushedBytes >= MostUnflushedBytes)
        {
            await output.FlushAsync(stop);
        }
    }

    private void Write(ManyResult result)
    {
        var answer = result.Answer;
        var buffer = JsonBuffer.Rent();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("id"u8, result.Session.Id.ToString());
        json.WriteBoolean("ok"u8, answer.IsAccepted);
        if (!answer.IsAccepted)
        {
            _failed++;
            json.WritePropertyName("problem"u8);
            ProblemAnswer.Write(json, HttpProblem.Of(answer.Problem), kinds, withPause: true);
        }
        else
        {
            _done++;
            WriteAnswer(json, answer);
        }

        json.WriteEndObject();
        WriteLine(buffer);
    }

    private void WriteAnswer(Utf8JsonWriter json, Answer<object?> answer)
    {
        if (command is null)
        {
            return;
        }

        json.WriteNumber("version"u8, answer.Version);
        json.WriteNumber("durableVersion"u8, answer.DurableVersion);
        json.WriteBoolean("replayed"u8, answer.IsReplay);
        if (command.ReplyType != typeof(Nothing))
        {
            json.WritePropertyName("reply"u8);
            JsonSerializer.Serialize(json, answer.Reply, command.ReplyType, SojournJson.Options);
        }
    }

    private void WriteEnd()
    {
        var buffer = JsonBuffer.Rent();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteNumber("done"u8, _done);
        buffer.Json.WriteNumber("failed"u8, _failed);
        buffer.Json.WriteEndObject();
        WriteLine(buffer);
    }

    private void WriteLine(JsonBuffer buffer)
    {
        output.Write(buffer.ToArray());
        output.Write("\n"u8);
    }
}
