using System.Text.Json;

namespace Sojourn.Tests.Agents;

using Sojourn.Client;

/// <summary>What tests wait for with a client of a server.</summary>
internal static class AgentClient
{
    /// <summary>Completes once the session is in one of these statuses.</summary>
    public static Task<Session> AgentIsAsync(this SojournClient client, string id, params string[] statuses) =>
        client.AgentIsAsync(id, session => statuses.Contains(session.Status), string.Join(" or ", statuses));

    /// <summary>Completes once the session is so.</summary>
    public static async Task<Session> AgentIsAsync(
        this SojournClient client, string id, Func<Session, bool> isSo, string wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        Session? seen = null;
        try
        {
            while (true)
            {
                seen = await client.GetAsync("agent", id, patience.Token);
                if (isSo(seen))
                    return seen;
                await client.WatchAsync("agent", id, seen.LastEvent, patience.Token)
                    .FirstAsync(news => news is SessionEvent or SessionSnapshot or SessionRemoved, patience.Token);
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"It is not {wanted}, but: {seen?.Status} {seen?.State}", late);
        }
    }

    /// <summary>Completes with the first event of a type that is so.</summary>
    public static async Task<JsonElement> AgentTellsAsync(
        this SojournClient client, string id, string type, Func<JsonElement, bool>? isSo = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        // From the first on: also one that has been.
        var page = await client.EventsAsync("agent", id, limit: 1000, giveUp: patience.Token);
        var first = page.Events.FirstOrDefault(IsIt);
        if (first is not null)
            return first.Data!.Value;
        await foreach (var news in client.WatchAsync("agent", id, page.Events[^1].Offset, patience.Token))
        {
            if (news is SessionEvent happened && IsIt(happened))
                return happened.Data!.Value;
        }

        throw new InvalidOperationException("It was removed.");

        bool IsIt(SessionEvent each) => each.Type == type && isSo?.Invoke(each.Data!.Value) != false;
    }

    /// <summary>Asks, and completes with how the turn ended.</summary>
    public static async Task<string> AskAgentAsync(this SojournClient client, string id, string text)
    {
        var reply = (await client.SendAsync("agent", id, "prompt", new { text })).Reply!.Value;
        var prompt = reply.GetProperty("id").GetString();
        var ended = await client.AgentTellsAsync(id, "turn-ended", data =>
            data.GetProperty("prompts").EnumerateArray().Any(each => each.GetString() == prompt));
        return ended.GetProperty("outcome").GetString()!;
    }

    private static TimeSpan Patience => EndToEnd.SojournProcess.Patience;
}
