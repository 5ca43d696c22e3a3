namespace Sojourn.Kinds.Play.Saves;

/// <summary>
/// A folder that holds saves, as they see it. Nothing is said to survive a power cut until it was flushed: bytes by
/// <see cref="Flush"/>, names by <see cref="FlushDirectory"/>. Safe from several threads for different files. Failures
/// are <see cref="IOException"/>s.
/// </summary>
public interface ISaveDisk
{
    /// <summary>What messages call it.</summary>
    string Folder { get; }

    /// <summary>Bytes that are free; null if nobody knows.</summary>
    long? FreeBytes { get; }

    /// <summary>Takes the folder for this process alone, until disposed of.</summary>
    /// <exception cref="SaveFolderInUseException">Somebody has it.</exception>
    IDisposable Lock(DateTimeOffset now);

    /// <summary>All files, in no order.</summary>
    IReadOnlyList<DiskFile> List();

    /// <summary>Opens a file, from its beginning.</summary>
    /// <exception cref="FileNotFoundException">There is none of the name.</exception>
    Stream OpenRead(string name);

    /// <summary>A new file to write from its beginning to its end. One of the same name is emptied.</summary>
    Stream Create(string name);

    /// <summary>Returns when all that was written to a file is on the disk.</summary>
    /// <param name="created">What <see cref="Create"/> gave, not yet closed.</param>
    void Flush(Stream created);

    /// <summary>Gives a file another name, at once or not at all. A file of that name is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file, if there is one.</summary>
    void Delete(string name);

    /// <summary>Returns when all names that were made, changed and deleted are so on the disk.</summary>
    void FlushDirectory();
}

/// <summary>A file of a folder.</summary>
/// <param name="Name">Its name, without a path.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="ChangedAt">When it was last written.</param>
public sealed record DiskFile(string Name, long Length, DateTimeOffset ChangedAt);
