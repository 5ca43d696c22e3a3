namespace Sojourn;

/// <summary>One entry of a log. Those who read it while it is new share one object.</summary>
/// <param name="number">1, 2, 3… without gaps within the log.</param>
/// <param name="bytes">What was appended.</param>
public sealed class StreamItem(long number, ReadOnlyMemory<byte> bytes)
{
    private object? _form;

    /// <summary>1, 2, 3… without gaps within the log.</summary>
    public long Number { get; } = number;

    /// <summary>What was appended. Of an event, the whole as JSON.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>
    /// The entry in another form, such as it goes over a wire: made by whoever asks first, and kept as long as the
    /// entry is in memory. Of several types of form the newest is kept. Two who ask at once may both make it.
    /// </summary>
    public TForm As<TForm>(Func<StreamItem, TForm> make)
        where TForm : class
    {
        ArgumentNullException.ThrowIfNull(make);
        if (Volatile.Read(ref _form) is TForm form)
        {
            return form;
        }

        form = make(this);
        Volatile.Write(ref _form, form);
        return form;
    }
}

/// <summary>How much one read returns at most; at least one entry in any case.</summary>
/// <param name="Entries">How many.</param>
/// <param name="Bytes">No more entries once these hold so many bytes; at most 4 MiB.</param>
public readonly record struct StreamLimits(int Entries, int Bytes);

/// <summary>A part of a log, and the session as it stood then.</summary>
/// <param name="Session">The session. What was appended by its newest step, and before, can be read.</param>
/// <param name="First">The oldest entry that is kept; 1 while none was dropped.</param>
/// <param name="Last">The newest entry; 0 if there is none.</param>
/// <param name="Items">
/// Entries in order, without gaps. None if the reader is at the end, or if what it wanted is kept no longer: then
/// <paramref name="First"/> lies beyond what it asked for.
/// </param>
public sealed record StreamPage(SessionView Session, long First, long Last, IReadOnlyList<StreamItem> Items);
