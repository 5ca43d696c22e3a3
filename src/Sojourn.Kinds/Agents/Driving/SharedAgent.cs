namespace Sojourn.Kinds.Agents.Driving;

/// <summary>A shared session that is begun again: it is there already, and goes on.</summary>
internal static class SharedAgent
{
    /// <summary>
    /// Starts its program again if none lives, and asks what the start asks first; all else of the start counts for the
    /// first one alone.
    /// </summary>
    /// <param name="engine">Has the session.</param>
    /// <param name="there">The session as it was found.</param>
    /// <param name="start">What was to begin it.</param>
    /// <param name="operation">The start's operation id: sent again it asks once. Null for none.</param>
    /// <returns>The session after it, or why it does not take the prompt.</returns>
    public static async Task<(SessionView? Session, Problem? Problem)> GoOnAsync(
        SojournEngine engine, SessionView<Agent> there, StartAgent start, string? operation = null)
    {
        var (key, state) = (there.Key, there.State);
        if (state.Profile != start.Profile)
        {
            return (null, new Problem(ProblemTypes.AlreadyExists,
                $"The session '{key.Id}' is of the profile '{state.Profile}', from before there was a shared one of "
                + "that name. Remove it first."));
        }

        // One that is being stopped refuses it, and is shown as it is.
        if (!state.IsBusy)
            await engine.SendAsync(key, new Resume());
        if (start.Prompt is { } text)
        {
            var id = operation is null ? null : $"start-{Telling.MarkOf(operation):x16}";
            var asked = await engine.SendAsync(key, new Prompt(text, id));
            if (asked.Problem is { } problem)
                return (null, problem);
        }

        var now = await engine.GetAsync(key);
        return (now.IsAccepted ? now.Reply : null, now.Problem);
    }
}
