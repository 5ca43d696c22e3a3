using System.Net;
using Sojourn.Relays;

namespace Sojourn.Server.Parties.Relays;

/// <summary>Who is bound where at a relay, and how much goes through. Not for several threads at once.</summary>
/// <param name="key">What the relay and the parties' server know.</param>
/// <param name="options">Its limits.</param>
/// <param name="time">The clock.</param>
internal sealed class RelayTable(ReadOnlyMemory<byte> key, RelayOptions options, TimeProvider time)
{
    private readonly Dictionary<(int Slot, IPEndPoint From), Binding> _byPlace = [];
    private readonly Dictionary<(ulong Party, ulong From, ulong To), Binding> _byPair = [];
    private readonly Dictionary<ulong, Allowance> _owners = [];
    private DateTimeOffset _sweptAt;

    /// <summary>How many are bound.</summary>
    public int Count => _byPair.Count;

    /// <summary>Bytes that were passed on.</summary>
    public long Passed { get; private set; }

    /// <summary>Takes a datagram.</summary>
    /// <param name="slot">At which port it came.</param>
    /// <param name="from">Where from.</param>
    /// <param name="bytes">What it holds.</param>
    /// <returns>
    /// What to send (null for the datagram as it is), from which port, and where to; null for nothing.
    /// </returns>
    public (byte[]? Bytes, int Slot, IPEndPoint To)? Take(int slot, IPEndPoint from, ReadOnlySpan<byte> bytes)
    {
        if (!RelayFormat.IsWireGuard(bytes))
        {
            return RelayFormat.ReadBind(bytes, key.Span, out var counter, out var roundTrip) is { } ticket
                ? (Bind(slot, from, ticket, (counter, roundTrip)), slot, from) : null;
        }

        if (!_byPlace.TryGetValue((slot, from), out var binding) || IsOver(binding)
            || !_byPair.TryGetValue((binding.Party, binding.To, binding.From), out var other) || IsOver(other)
            || !Allow(binding.Owner, bytes.Length))
        {
            return null;
        }

        Passed += bytes.Length;
        return (null, other.Slot, other.Place);
    }

    private byte[] Bind(int slot, IPEndPoint from, RelayTicket ticket, (ulong Counter, TimeSpan? RoundTrip) request)
    {
        var (now, counter) = (time.GetUtcNow(), request.Counter);
        Sweep(now);
        if (ticket.ExpiresAt <= now)
            return RelayFormat.WriteRefusal(counter, RelayRefusal.Expired);
        if (ticket.Slot != slot)
            return RelayFormat.WriteRefusal(counter, RelayRefusal.WrongPort);
        var pair = (ticket.Party, ticket.From, ticket.To);
        _byPair.TryGetValue(pair, out var old);
        if (old is not null && counter <= old.Counter)
            return RelayFormat.WriteRefusal(counter, RelayRefusal.Replayed);
        if (old is null && _byPair.Count >= options.MaxBindings)
            return RelayFormat.WriteRefusal(counter, RelayRefusal.Full);

        Put(pair, old, new Binding(
            ticket.Owner, ticket.Party, ticket.From, ticket.To, slot, from, request.Counter,
            request.RoundTrip, now + options.BoundFor));
        var isOtherBound = _byPair.TryGetValue((ticket.Party, ticket.To, ticket.From), out var other)
            && other.Until > now;
        return RelayFormat.WriteBound(counter, from, isOtherBound, isOtherBound ? other!.RoundTrip : null);
    }

    /// <summary>
    /// What is sent from where a member was bound before still passes, until that binding is over: some come both by
    /// UDP and over a WebSocket.
    /// </summary>
    private void Put((ulong Party, ulong From, ulong To) pair, Binding? old, Binding binding)
    {
        var place = (binding.Slot, binding.Place);
        // Whoever else was at this address is not there any more.
        if (_byPlace.TryGetValue(place, out var gone) && gone.Pair != pair
            && _byPair.TryGetValue(gone.Pair, out var current) && ReferenceEquals(current, gone))
        {
            _byPair.Remove(gone.Pair);
            ForgetBefore(gone);
        }

        if (old is not null)
        {
            var isMoved = (old.Slot, old.Place) != place;
            binding.Before = isMoved ? (old.Slot, old.Place) : old.Before;
            if (isMoved)
                ForgetBefore(old);
        }

        _byPlace[place] = _byPair[pair] = binding;
    }

    private void ForgetBefore(Binding binding)
    {
        if (binding.Before is { } place && _byPlace.TryGetValue(place, out var left) && left.Pair == binding.Pair)
            _byPlace.Remove(place);
    }

    private bool IsOver(Binding binding) => binding.Until <= time.GetUtcNow();

    /// <summary>So many bytes a second of an owner, and as many of a second before if it was quiet.</summary>
    private bool Allow(ulong owner, int length)
    {
        if (!_owners.TryGetValue(owner, out var allowance))
            _owners[owner] = allowance = new Allowance { Left = options.BytesPerSecond, At = time.GetTimestamp() };
        var now = time.GetTimestamp();
        var grown = allowance.Left + (time.GetElapsedTime(allowance.At, now).TotalSeconds * options.BytesPerSecond);
        (allowance.Left, allowance.At) = (Math.Min(options.BytesPerSecond, grown), now);
        if (allowance.Left < length || (options.BytesPerDay is { } most && !CountDay(allowance, length, most)))
            return false;
        allowance.Left -= length;
        return true;
    }

    private bool CountDay(Allowance allowance, int length, double most)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (allowance.Day != today)
            (allowance.Day, allowance.OfDay) = (today, 0);
        if (allowance.OfDay + length > most)
            return false;
        allowance.OfDay += length;
        return true;
    }

    /// <summary>Forgets those who are not bound any more, and owners whose parties are not here.</summary>
    private void Sweep(DateTimeOffset now)
    {
        if (now - _sweptAt < options.BoundFor)
            return;
        _sweptAt = now;
        foreach (var pair in _byPair.Where(each => each.Value.Until <= now).Select(each => each.Key).ToList())
            _byPair.Remove(pair);
        foreach (var place in _byPlace.Where(each => each.Value.Until <= now).Select(each => each.Key).ToList())
            _byPlace.Remove(place);

        var here = _byPair.Values.Select(binding => binding.Owner).ToHashSet();
        if (options.BytesPerDay is not null)
            here.UnionWith(_owners.Where(each => each.Value.Day == DateOnly.FromDateTime(now.UtcDateTime))
                .Select(each => each.Key));
        foreach (var owner in _owners.Keys.Where(owner => !here.Contains(owner)).ToList())
            _owners.Remove(owner);
    }

    private sealed record Binding(
        ulong Owner, ulong Party, ulong From, ulong To, int Slot, IPEndPoint Place, ulong Counter,
        TimeSpan? RoundTrip, DateTimeOffset Until)
    {
        public (ulong Party, ulong From, ulong To) Pair => (Party, From, To);

        /// <summary>Where it was bound before, at another place; null for nowhere.</summary>
        public (int Slot, IPEndPoint Place)? Before { get; set; }
    }

    private sealed class Allowance
    {
        public double Left { get; set; }

        public long At { get; set; }

        public DateOnly Day { get; set; }

        public double OfDay { get; set; }
    }
}

/// <summary>The limits of a relay.</summary>
internal sealed record RelayOptions
{
    /// <summary>How many may be bound at once; two a pair. Default 20,000.</summary>
    public int MaxBindings { get; init; } = 20_000;

    /// <summary>How long somebody stays bound who does not say so again. Default 30 s.</summary>
    public TimeSpan BoundFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much an owner's parties may send through it, in bytes a second. Default 12,500,000: 100 Mbit/s.
    /// </summary>
    public double BytesPerSecond { get; init; } = 12_500_000;

    /// <summary>How much an owner's parties may send through it within a day of UTC, in bytes. Default any amount.
    /// </summary>
    public double? BytesPerDay { get; init; }
}
