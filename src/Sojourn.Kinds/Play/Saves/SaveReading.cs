namespace Sojourn.Kinds.Play.Saves;

/// <summary>What reading a file of a save came to.</summary>
/// <param name="Validity">How it is, as far as it was read.</param>
/// <param name="Reason">Why it is not good.</param>
/// <param name="Metadata">What its head says; null if that cannot be read.</param>
/// <param name="Content">Its parts, if they were asked for and are good.</param>
internal sealed record SaveReading(
    SaveValidity Validity, string? Reason, SaveMetadata? Metadata = null, SaveContent? Content = null)
{
    public bool IsGood => Validity == SaveValidity.Good;

    public static SaveReading Damaged(string reason, SaveMetadata? metadata = null) =>
        new(SaveValidity.Damaged, reason, metadata);
}

/// <summary>How much of a file to read.</summary>
internal enum ReadDepth
{
    /// <summary>The head and the screenshot.</summary>
    Head,

    /// <summary>All of it, to compare it with its hashes.</summary>
    Body,

    /// <summary>All of it, to have its parts.</summary>
    Content,
}
