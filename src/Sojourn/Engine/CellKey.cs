namespace Sojourn.Engine;

/// <summary>
/// A session within its kind. Looked up with every command, so it hashes the id alone: owners are few.
/// </summary>
internal readonly struct CellKey(OwnerId owner, SessionId id) : IEquatable<CellKey>
{
    private readonly string _id = id.ToString();

    private readonly OwnerId _owner = owner;

    public bool Equals(CellKey other) => _id == other._id && _owner == other._owner;

    public override bool Equals(object? obj) => obj is CellKey other && Equals(other);

    public override int GetHashCode() => _id.GetHashCode(StringComparison.Ordinal);
}
