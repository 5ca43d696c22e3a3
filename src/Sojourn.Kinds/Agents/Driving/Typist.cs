using System.Diagnostics.CodeAnalysis;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>Who types, so that what is sent again is known.</summary>
/// <param name="Kind">What the name is one of.</param>
/// <param name="Name">The name.</param>
internal readonly record struct Typist(TypistKind Kind, string Name);

/// <summary>What a typist's name is one of.</summary>
internal enum TypistKind
{
    /// <summary>What a client calls itself, the same when it comes back.</summary>
    Client,

    /// <summary>A connection of a client that does not say what it is called.</summary>
    Connection,

    /// <summary>The key of a single request.</summary>
    Request,
}

/// <summary>How much of what was to be typed the program has.</summary>
/// <param name="Count">How many bytes.</param>
/// <param name="IsAll">True if those are all.</param>
/// <param name="IsLate">True if they were not typed because something with a larger number was.</param>
internal readonly record struct TypedKeys(int Count, bool IsAll, bool IsLate = false);

/// <summary>
/// What one typist has typed, by the numbers that it gave. Safe from any thread: one typing goes after another.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Typists may come late, when the program is gone.")]
internal sealed class TypedNumbers
{
    // Who counts one by one needs a single run; who counts by a clock needs one for each number.
    private const int MostRuns = 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<(long First, long Last)> _whole = [];
    private long? _newest;
    private int _taken;

    /// <summary>When it was used last, as a number that grows; for whoever keeps it.</summary>
    public long LastUsed { get; set; }

    /// <summary>Types what is not typed yet of a number.</summary>
    /// <param name="number">Grows with each typing. One that comes after a larger one is not typed any more.</param>
    /// <param name="keys">The same whenever the number is sent.</param>
    /// <param name="type">Types, and returns how many bytes were taken.</param>
    public async Task<TypedKeys> TypeAsync(
        long number, ReadOnlyMemory<byte> keys, Func<ReadOnlyMemory<byte>, ValueTask<int>> type)
    {
        await _turn.WaitAsync();
        try
        {
            if (IsWhole(number))
                return new(keys.Length, IsAll: true);
            if (number < _newest)
                return new(0, IsAll: false, IsLate: true);
            if (number != _newest)
                (_newest, _taken) = (number, 0);
            if (_taken < keys.Length)
                _taken += await type(keys[_taken..]);
            if (_taken < keys.Length)
                return new(_taken, IsAll: false);
            Remember(number);
            return new(keys.Length, IsAll: true);
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool IsWhole(long number) =>
        _whole.FindLastIndex(run => run.First <= number) is >= 0 and var at && number <= _whole[at].Last;

    /// <summary>A number that is larger than all that are remembered.</summary>
    private void Remember(long number)
    {
        if (_whole.Count > 0 && _whole[^1].Last == number - 1)
        {
            _whole[^1] = (_whole[^1].First, number);
            return;
        }

        _whole.Add((number, number));
        if (_whole.Count > MostRuns)
            _whole.RemoveRange(0, MostRuns / 2);
    }
}
