using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Kinds.Play.Saves;

namespace Sojourn.Kinds.Play.Games;

/// <summary>How a game's folder is opened.</summary>
public sealed record GameOptions
{
    /// <summary>The slots; null (the default) for their defaults. Their clock and log are this record's.</summary>
    public SaveSlotsOptions? Saves { get; init; }

    /// <summary>The rules; null (the default) for their defaults. The game is on this machine, so silence is never
    /// counted.</summary>
    public PlayOptions? Rules { get; init; }

    /// <summary>
    /// How often the game's being alive is noted, and so how exactly the time of a crash is known. Default 5 s; 1 s to
    /// 1 min. Each is one small write.
    /// </summary>
    public TimeSpan BeatEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether a session that is still being played ends in good order with the process: when the program returns 0,
    /// and when the operating system says to end (SIGTERM, SIGINT, SIGHUP; the process then exits with 128 and the
    /// signal's number). Default true. Any other exit code, an exception that nobody catches, and whatever cannot be
    /// caught, is a crash.
    /// </summary>
    public bool EndsWithProcess { get; init; } = true;

    /// <summary>What time it is; the system's by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where it is told what was found and done; nowhere by default.</summary>
    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    /// <exception cref="SojournException">Something cannot be.</exception>
    internal void Check()
    {
        if (BeatEvery < TimeSpan.FromSeconds(1) || BeatEvery > TimeSpan.FromMinutes(1))
        {
            throw new SojournException($"{nameof(BeatEvery)} must be 1 second to 1 minute; it is {BeatEvery}.");
        }
    }
}

/// <summary>The game as it is now, to be saved.</summary>
/// <param name="Content">Its parts. Leave their bytes alone afterwards.</param>
/// <param name="Details">What is told of it in lists. Pilot, type, session and game state are filled in if they are
/// not.</param>
public sealed record GameCapture(SaveContent Content, SaveDetails? Details = null);
