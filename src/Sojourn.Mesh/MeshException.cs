namespace Sojourn.Mesh;

/// <summary>Something about the network that cannot be done here; the message says what, and what helps.</summary>
public sealed class MeshException : Exception
{
    /// <inheritdoc />
    public MeshException()
    {
    }

    /// <inheritdoc />
    public MeshException(string message)
        : base(message)
    {
    }

    /// <inheritdoc />
    public MeshException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
