using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sojourn.Server.Agents;

/// <summary>How far a search has come: in which session, and there before which event.</summary>
/// <param name="Of">Of which search; see <see cref="AgentQuestion.Name"/>.</param>
/// <param name="List">The cursor of the page of sessions that it stands on; null for the first.</param>
/// <param name="Began">When the session began, in ticks.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Before">The events from here on were searched; 0 for all of them.</param>
/// <param name="Hits">How many hits of the session were shown.</param>
internal sealed record SearchPlace(string Of, string? List, long Began, string Session, long Before, int Hits)
{
    /// <summary>Reads a cursor; false if this question was never given it.</summary>
    public static bool TryParse(string cursor, AgentQuestion asked, [NotNullWhen(true)] out SearchPlace? place)
    {
        place = null;
        try
        {
            place = JsonSerializer.Deserialize<SearchPlace>(Base64Url.DecodeFromChars(cursor), SojournJson.Stored);
        }
        catch (Exception strange) when (strange is FormatException or JsonException)
        {
            return false;
        }

        return place is { Before: >= 0, Hits: >= 0, Session: not null } && place.Of == asked.Name;
    }

    /// <summary>As a cursor.</summary>
    public override string ToString() =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, SojournJson.Stored));

    /// <summary>True if this is the session that it stands in, and not another that is called the same.</summary>
    public bool IsIn(SessionView session) =>
        session.CreatedAt.UtcTicks == Began && session.Key.Id.ToString() == Session;

    /// <summary>
    /// How many of these, newest first, the search has done with. If its session is gone, those that began in the same
    /// tick count as done.
    /// </summary>
    public int CountBefore(IReadOnlyList<SessionView> sessions)
    {
        for (var index = 0; index < sessions.Count; index++)
        {
            if (IsIn(sessions[index]))
            {
                return Before == 0 ? index + 1 : index;
            }
        }

        return sessions.TakeWhile(session => session.CreatedAt.UtcTicks >= Began).Count();
    }
}

/// <summary>What is searched for.</summary>
/// <param name="Text">Found in whatever case; nothing in it has a meaning of its own.</param>
/// <param name="Owner">Whose sessions.</param>
/// <param name="Session">In this one alone; null for all.</param>
internal sealed record AgentQuestion(string Text, OwnerId Owner, SessionId? Session)
{
    /// <summary>Tells a cursor of another question.</summary>
    public string Name =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Owner} {Session} {Text}"))[..8]);
}
