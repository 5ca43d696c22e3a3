using System.Net;
using Sojourn.Mesh.Paths;
using Sojourn.Mesh.Ports;
using Sojourn.Parties;

namespace Sojourn.Mesh.Nodes;

/// <summary>
/// For a pair of which one side's NAT gives out another port for each destination: this side guesses, or has itself
/// guessed. What is not found is tried again a minute later, and then ever more seldom: it looks like a scan of ports,
/// and the relay carries the two meanwhile.
/// </summary>
/// <remarks>
/// Both sides have to try at the same time. The first time is when they hear of each other; from then on it is when the
/// clock on the wall comes to a whole number of minutes, of 2, of 4 and so on, so that one which has begun anew still
/// meets the other. It lasts for half a minute, which is more than clocks differ.
/// </remarks>
/// <param name="port">This machine's port.</param>
/// <param name="utcNow">The clock on the wall.</param>
internal sealed class PortGuesses(IUdpPort port, Func<DateTimeOffset> utcNow)
{
    private const int Sendings = 12, Doublings = 5;

    // What is found without it is found by then.
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(500), SendEvery = TimeSpan.FromMilliseconds(250),
        SetLasts = PortGuess.TryEvery * PortGuess.Tries, FirstAgain = TimeSpan.FromMinutes(1),
        // A way that was found may come back by itself, and through the same port.
        LostAfter = TimeSpan.FromSeconds(10);

    private (NatReport Own, NatReport Other, IPEndPoint Seen)? _for;
    private TimeSpan _setAt;
    private TimeSpan? _directAt;
    private PortGuess? _guess;
    private ManyPorts? _ports;
    private int _sent, _sets;

    /// <summary>Begins anew, if it is needed still.</summary>
    public void Forget()
    {
        (_for, _directAt) = (null, null);
        EndSet();
    }

    /// <summary>Does what is due.</summary>
    /// <param name="peer">The other side.</param>
    /// <param name="own">This side's NAT.</param>
    /// <param name="open">Writes a probe and has it sent.</param>
    /// <param name="now">The time.</param>
    /// <returns>When there is more; null for nothing.</returns>
    public TimeSpan? Tick(
        PeerLink peer, NatReport own, Action<PeerLink, Action<ReadOnlySpan<byte>>> open, TimeSpan now)
    {
        var other = peer.Member.Nat;
        if (peer.Path.Direct is not null)
        {
            _directAt = now;
            if (_ports is { IsFound: false })
                EndSet();
            return null;
        }

        if (now < _directAt + LostAfter)
            return _directAt + LostAfter;
        var (guesses, isGuessed) = (PortGuess.IsFor(own.Kind, other.Kind), PortGuess.IsFor(other.Kind, own.Kind));
        if (SeenOf(peer) is not { } seen || !(guesses || (isGuessed && own.PortStep is null)))
        {
            Forget();
            return null;
        }

        if (_directAt is not null || !Equals(_for, (own, other, seen)))
        {
            Forget();
            (_for, _setAt, _sets) = ((own, other, seen), now + After, 0);
        }

        if (now >= _setAt + SetLasts)
        {
            EndSet();
            var every = FirstAgain * (1 << Math.Min(_sets++, Doublings));
            _setAt = now + every - TimeSpan.FromTicks(utcNow().UtcTicks % every.Ticks);
        }

        if (now < _setAt)
            return _setAt;
        var next = guesses ? Guess(peer, seen, open, now) : BeGuessed(peer, seen, open, now);
        return next ?? (_setAt + SetLasts);
    }

    private void EndSet()
    {
        (_guess, _sent) = (null, 0);
        if (_ports is not null)
            _ = _ports.DisposeAsync().AsTask();
        _ports = null;
    }

    private TimeSpan? Guess(
        PeerLink peer, IPEndPoint seen, Action<PeerLink, Action<ReadOnlySpan<byte>>> open, TimeSpan now)
    {
        _guess ??= new PortGuess(seen, peer.Member.Nat.PortStep, now);
        foreach (var place in _guess.Take(now))
            open(peer, bytes => port.Send(bytes, place));
        return _guess.NextAt;
    }

    private TimeSpan? BeGuessed(
        PeerLink peer, IPEndPoint seen, Action<PeerLink, Action<ReadOnlySpan<byte>>> open, TimeSpan now)
    {
        if (_sent >= Sendings * PortGuess.Tries || _ports is { IsFound: true })
            return null;
        var at = _setAt + (PortGuess.TryEvery * (_sent / Sendings)) + (SendEvery * (_sent % Sendings));
        if (now < at)
            return at;
        if ((_ports ??= ManyPorts.TryOpen(seen, port.Number)) is not { } ports)
        {
            // This machine has no more of them; it is tried again with the next set.
            _sent = Sendings * PortGuess.Tries;
            return null;
        }

        // At first it only opens the own NAT: what comes to the other's unasked takes, with some routers, the place of
        // what is to be sent there.
        var hops = _sent < Sendings ? NodeLoop.OpeningHops : 0;
        open(peer, bytes => ports.Send(bytes, hops));
        _sent++;
        return now;
    }

    private static IPEndPoint? SeenOf(PeerLink peer) =>
        peer.Member.Candidates.FirstOrDefault(each => each.Source == CandidateSource.Reflexive) is { } seen
            && IPEndPoint.TryParse(seen.Address, out var place) ? place : null;
}
