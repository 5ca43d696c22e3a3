namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// A terminal whose program lives in this process: what is typed goes in here, and how it looks comes
/// out.
/// </summary>
internal abstract class LiveTerminal
{
    private const int MostOfAKind = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<Typist, TypedNumbers> _typed = [];
    private long _uses;

    /// <summary>
    /// Types what a typist numbers: each byte once, however often it is sent; what the program took of it before is
    /// not typed again. It goes on when nobody waits for it any more. One typist does not wait for another's numbers;
    /// the newest 256 of each kind are remembered.
    /// </summary>
    /// <param name="typist">Who types.</param>
    /// <param name="number">Grows with each typing.</param>
    /// <param name="keys">What is typed.</param>
    public Task<TypedKeys> TypeAsync(Typist typist, long number, ReadOnlyMemory<byte> keys) =>
        NumbersOf(typist).TypeAsync(number, keys, TypeAsync);

    /// <summary>Types; the program has what was taken when this completes.</summary>
    /// <returns>How many bytes were taken: not all if the program does not read, or is gone.</returns>
    public abstract ValueTask<int> TypeAsync(ReadOnlyMemory<byte> keys);

    /// <summary>How the screen looks after an entry of the stream <c>output</c>, all of which is in the log.</summary>
    public abstract Task<ScreenPicture> PictureAsync(CancellationToken giveUp);

    private TypedNumbers NumbersOf(Typist typist)
    {
        lock (_gate)
        {
            if (!_typed.TryGetValue(typist, out var numbers))
            {
                var alike = _typed.Where(each => each.Key.Kind == typist.Kind).ToArray();
                if (alike.Length >= MostOfAKind)
                    _typed.Remove(alike.MinBy(each => each.Value.LastUsed).Key);
                _typed[typist] = numbers = new TypedNumbers();
            }

            numbers.LastUsed = ++_uses;
            return numbers;
        }
    }
}

/// <summary>How a terminal's screen looks.</summary>
/// <param name="Output">The last entry of the stream <c>output</c> that it covers; 0 for none.</param>
/// <param name="Size">How large it is.</param>
/// <param name="Bytes">What draws it on an empty terminal of that size.</param>
/// <param name="Text">What is to be read on it.</param>
internal sealed record ScreenPicture(long Output, TerminalSize Size, ReadOnlyMemory<byte> Bytes, string Text);
