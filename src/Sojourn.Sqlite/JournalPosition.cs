using System.Buffers.Binary;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>How far the file has come: written in the transaction that brought it there.</summary>
/// <param name="Sequence">The journal is applied up to here; 0 if there never was one.</param>
/// <param name="HighestNumber">The highest number that a session was ever given.</param>
internal readonly record struct JournalPosition(long Sequence, long HighestNumber)
{
    /// <summary>The <see cref="Sequence"/> of a damaged mark.</summary>
    public const long Unknown = -1;

    private const long Distance = 1_000_000_000;

    public byte[] Write()
    {
        var body = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(body, Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(sizeof(long)), HighestNumber);
        return Framing.Wrap(Places.Mark, body);
    }

    /// <summary>
    /// If the bytes are damaged, nobody knows the sequence, and numbers go on far above those that are still there.
    /// </summary>
    public static JournalPosition ReadOrUnknown(byte[] framed, long highestThere)
    {
        try
        {
            var body = Framing.Unwrap(Places.Mark, framed).Span;
            return new JournalPosition(
                BinaryPrimitives.ReadInt64LittleEndian(body),
                BinaryPrimitives.ReadInt64LittleEndian(body[sizeof(long)..]));
        }
        catch (DamagedRecordException)
        {
            return new JournalPosition(Unknown, highestThere + Distance);
        }
    }
}

/// <summary>The sum of many commits to one session.</summary>
/// <param name="Key">The session.</param>
/// <param name="Number">Its number; of a life that begins with this, one that was never used before.</param>
/// <param name="Replaces">
/// True if what the file holds under this key is an older life: it goes first, with all that belongs to it.
/// </param>
/// <param name="Save">
/// What takes its place; null if nothing does. Its version and lease are not checked; its trims apply after its
/// entries.
/// </param>
/// <param name="Term">The lease term to store; null if it has not changed.</param>
internal sealed record FoldedChange(SessionKey Key, long Number, bool Replaces, SaveSession? Save, long? Term);
