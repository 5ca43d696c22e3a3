namespace Sojourn.Engine;

/// <summary>Lets one of several requests do what each of them asks for: the first, until it is too late.</summary>
internal sealed class OneOf
{
    private static readonly object Nobody = new();

    private object? _chosen;

    /// <summary>True for the first, however often it asks; false for all others.</summary>
    public bool TryBe(Request request)
    {
        var chosen = Interlocked.CompareExchange(ref _chosen, request, null);
        return chosen is null || ReferenceEquals(chosen, request);
    }

    /// <summary>From now on it is too late.</summary>
    /// <returns>False if one of them was the first before.</returns>
    public bool TryClose() => Interlocked.CompareExchange(ref _chosen, Nobody, null) is null;
}
