namespace Sojourn.Server.Requests;

/// <summary>How much was read of a body that came without its length.</summary>
internal sealed class BodyLength
{
    public long Bytes { get; set; }
}
