using Microsoft.Data.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Sqlite;

/// <summary>Tells damage from other failures.</summary>
internal static class Damage
{
    // SQLite's codes.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int NoMemory = 7;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>True if SQLite found a page that is not as it wrote it.</summary>
    public static bool IsPage(Exception? failure) =>
        failure is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <summary>True if a file that does not open does so because of what is in it.</summary>
    public static bool IsOfFile(Exception failure) => failure
        is SqliteException { SqliteErrorCode: not (Busy or Locked or NoMemory or InputOutput or Full or CannotOpen) }
        or DamagedRecordException or InvalidCastException or FormatException;

    /// <summary>
    /// True if this is what reading a damaged row comes to: SQLite's word for it, our checksum, or a column that has
    /// something else in it than was written.
    /// </summary>
    public static bool Is(Exception failure) => IsPage(failure)
        || failure is DamagedRecordException or FormatException or InvalidCastException or OverflowException
            or ArgumentException or InvalidOperationException;

    /// <summary>Reads what belongs to one session.</summary>
    /// <exception cref="DamagedRecordException">It is damaged, in whatever way.</exception>
    public static T Guard<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (Is(failure) && failure is not DamagedRecordException)
        {
            throw new DamagedRecordException(
                IsPage(failure) ? $"{what}: a page of the file is damaged." : $"{what}: the row cannot be read.",
                failure);
        }
    }
}
