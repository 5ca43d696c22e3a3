namespace Sojourn.Client.Agents;

/// <summary>A program that sessions may run.</summary>
/// <param name="Name">What to start it by.</param>
/// <param name="Protocol"><c>terminal</c>, <c>claude</c> or <c>acp</c>.</param>
/// <param name="Mode"><c>isolated</c> or <c>shared</c>.</param>
public sealed record AgentProfileEntry(string Name, string Protocol, string Mode);

/// <summary>How a terminal looks.</summary>
/// <param name="Output">The last entry of the stream <c>output</c> that it covers.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Text">What is to be read on it.</param>
/// <param name="Picture">What draws it on an empty terminal of that size.</param>
public sealed record AgentScreen(long Output, int Columns, int Rows, string Text, string Picture);

/// <summary>A page of what was found in agents' logs and on terminals.</summary>
/// <param name="Hits">Those of the newest session first, and of each its newest first.</param>
/// <param name="Complete">True if the search is at its end.</param>
/// <param name="Next">The cursor that goes on; null at the end. There may be nothing more.</param>
public sealed record AgentSearchPage(IReadOnlyList<AgentSearchHit> Hits, bool Complete, string? Next = null);

/// <summary>One place where a text stands.</summary>
/// <param name="Session">The session's id.</param>
/// <param name="Profile">Its profile.</param>
/// <param name="Type">The event's type, or <c>screen</c> for what is to be read on a terminal now.</param>
/// <param name="At">When it happened; of a screen when its session last took a step.</param>
/// <param name="Excerpt">About 160 characters around the match, on one line.</param>
/// <param name="MatchAt">Where in the excerpt the match begins, in UTF-16 units.</param>
/// <param name="MatchLength">How long it is.</param>
/// <param name="MoreInSession">
/// True for the last that is shown of a session that was not searched any further; name it to find all.
/// </param>
/// <param name="Title">What the session is called; null if nobody said.</param>
/// <param name="Offset">The event's offset; null for a screen.</param>
public sealed record AgentSearchHit(
    string Session, string Profile, string Type, DateTimeOffset At, string Excerpt, int MatchAt, int MatchLength,
    bool MoreInSession, string? Title = null, string? Offset = null);
