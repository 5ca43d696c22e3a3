namespace Sojourn.Kinds.Play.Saves;

/// <summary>
/// What a save holds: a few named parts, such as <c>profile</c> and <c>campaign</c>, that are written together or not at
/// all. The bytes are not copied: leave them alone until the save is done.
/// </summary>
public sealed record SaveContent
{
    /// <summary>Takes the parts as they are now.</summary>
    /// <param name="parts">
    /// By name: <c>a-z</c>, <c>0-9</c>, <c>.</c>, <c>_</c> and <c>-</c>, a letter or digit first, at most 64 characters.
    /// How many and how much is for <see cref="SaveSlotsOptions"/>; that and the names are checked when saved.
    /// </param>
    public SaveContent(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Parts = new SortedDictionary<string, ReadOnlyMemory<byte>>(
            parts.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>The parts, by name, in the names' ordinal order.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Parts { get; }

    /// <summary>The bytes of all parts together.</summary>
    public long Size => Parts.Values.Sum(part => (long)part.Length);

    /// <summary>A part's bytes.</summary>
    /// <exception cref="KeyNotFoundException">There is no such part.</exception>
    public ReadOnlyMemory<byte> this[string name] => Parts[name];

    /// <summary>A content of one part.</summary>
    public static SaveContent Of(string name, ReadOnlyMemory<byte> bytes) =>
        new(new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [name] = bytes });

    /// <summary>The same with one part more, or another in its place.</summary>
    public SaveContent With(string name, ReadOnlyMemory<byte> bytes) =>
        new(new Dictionary<string, ReadOnlyMemory<byte>>(Parts, StringComparer.Ordinal) { [name] = bytes });
}
