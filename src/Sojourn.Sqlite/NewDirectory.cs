namespace Sojourn.Sqlite;

/// <summary>A directory that is filled under another name, and has its own when it is complete.</summary>
internal sealed class NewDirectory : IDisposable
{
    private bool _isComplete;

    /// <exception cref="SojournException">There is something already.</exception>
    public NewDirectory(string path)
    {
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        RefuseIfTaken();
        // What a process left here that did not come to its end is worth nothing.
        Partial = Path + ".partial";
        Dispose();
        DataFiles.MakeOwnDirectory(Partial);
    }

    public string Path { get; }

    /// <summary>Where it is filled.</summary>
    public string Partial { get; }

    /// <summary>Its files must have been flushed.</summary>
    public void Complete()
    {
        DataFiles.FlushDirectory(Partial);
        RefuseIfTaken();
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path);
        }

        Directory.Move(Partial, Path);
        _isComplete = true;
        DataFiles.FlushDirectory(System.IO.Path.GetDirectoryName(Path) ?? Path);
    }

    public void Dispose()
    {
        if (!_isComplete && Directory.Exists(Partial))
        {
            Directory.Delete(Partial, recursive: true);
        }
    }

    private void RefuseIfTaken()
    {
        if (File.Exists(Path) || (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any()))
        {
            throw new SojournException($"'{Path}' is not empty. Name a directory that does not exist, or is empty.");
        }
    }
}
