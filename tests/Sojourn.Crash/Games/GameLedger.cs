using System.Globalization;

namespace Sojourn.Crash.Games;

/// <summary>
/// What the game has said until now, and so what it owes: each save that it acknowledged, and whether its next start must
/// offer to take it up again, or must not.
/// </summary>
internal sealed class GameLedger
{
    private readonly List<(string Slot, long Generation, string Validity, int Attempts)> _backups = [];
    private (string Slot, long Generation, long Tick) _newest;
    private Expectation _expects = Expectation.NoOffer;
    private bool _isPlaying;

    private enum Expectation
    {
        /// <summary>It never began, or ended in good order.</summary>
        NoOffer,

        /// <summary>It was killed before it said that it plays.</summary>
        Either,

        /// <summary>It was killed while it played, or before it was recovered from that.</summary>
        Offer,
    }

    /// <summary>How many ticks may be lost: an interval, and what writing a save may take on a machine that is
    /// busy.</summary>
    public required long MostLost { get; init; }

    public long Acknowledged { get; private set; }

    public int Recoveries { get; private set; }

    /// <summary>Recoveries from another save than the newest, since two from that one were cut off.</summary>
    public int FromOlder { get; private set; }

    /// <summary>The tick that was last seen.</summary>
    public long LastTick { get; private set; }

    /// <summary>The most ticks that a recovery did not bring back.</summary>
    public long Lost { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>A life begins.</summary>
    public void Begin() => (_isPlaying, HasEnded) = (false, false);

    /// <summary>The game says something.</summary>
    /// <returns>True if it plays from now on.</returns>
    public bool Hear(string[] words)
    {
        switch (words)
        {
            case ["fresh", ..]:
                Promise.Expect(_expects != Expectation.Offer, "The game was killed while it played, and offers nothing.");
                break;
            case ["offer", ..]:
                Promise.Expect(_expects != Expectation.NoOffer, "The game ended in good order, and offers a recovery.");
                _backups.Clear();
                break;
            case ["*", "backup", ..]:
                HearBackup(words[1..]);
                break;
            case ["backup", ..]:
                HearBackup(words);
                break;
            case ["empty:", ..]:
                Promise.Expect(Acknowledged == 0, $"{_newest} was acknowledged, and nothing can be loaded.");
                break;
            case ["recovered", var slot, var generation, "tick", var tick]:
                HearRecovered(slot, Number(generation), Number(tick));
                break;
            case ["loaded", var slot, var generation, "tick", var tick]:
                Promise.Expect(
                    Number(tick) >= _newest.Tick,
                    $"{_newest} was acknowledged; slot {slot}, generation {generation}, of tick {tick} was loaded.");
                LastTick = Number(tick);
                break;
            case ["playing", _, "tick", var tick]:
                LastTick = Number(tick);
                _isPlaying = true;
                return true;
            case ["saved", var slot, var generation, "tick", var tick]:
                Acknowledged++;
                if (Number(tick) >= _newest.Tick)
                {
                    _newest = (slot, Number(generation), Number(tick));
                }

                break;
            case ["tick", var tick]:
                LastTick = Math.Max(LastTick, Number(tick));
                break;
            case ["ended", ..]:
                HasEnded = true;
                break;
            case ["unrecoverable" or "unsaved", ..]:
                throw new BrokenPromiseException($"The game says: {string.Join(' ', words)}");
        }

        return false;
    }

    /// <summary>It was killed.</summary>
    public void Killed() => _expects = _isPlaying ? Expectation.Offer
        : _expects == Expectation.NoOffer ? Expectation.Either
        : _expects;

    /// <summary>It ended in good order.</summary>
    public void Ended() => _expects = Expectation.NoOffer;

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);

    // backup SLOT GENERATION VALIDITY attempts N, …
    private void HearBackup(string[] words) =>
        _backups.Add((words[1], Number(words[2]), words[3], (int)Number(words[5].TrimEnd(','))));

    private void HearRecovered(string slot, long generation, long tick)
    {
        Recoveries++;
        if (_newest.Tick > 0)
        {
            var newest = _backups.Find(each => (each.Slot, each.Generation) == (_newest.Slot, _newest.Generation));
            // A newer one may have been written, and its answer cut off.
            Promise.Expect(
                newest.Validity == "Good" || _backups.Exists(each => each.Validity == "Good" && tick > _newest.Tick),
                $"{_newest} was acknowledged, and is not among the good saves.");
            Promise.Expect(
                tick >= _newest.Tick || newest.Attempts >= 2,
                $"{_newest} was acknowledged; slot {slot}, generation {generation}, of tick {tick} was recovered.");
        }

        if (tick < _newest.Tick)
        {
            FromOlder++;
        }
        else
        {
            Lost = Math.Max(Lost, LastTick - tick);
            Promise.Expect(
                LastTick - tick <= MostLost,
                $"Tick {LastTick} was seen, and {tick} recovered: more is lost than {MostLost} ticks.");
        }

        // What is newer than what it plays on with is the past now.
        _newest = (slot, generation, tick);
        LastTick = tick;
    }
}
