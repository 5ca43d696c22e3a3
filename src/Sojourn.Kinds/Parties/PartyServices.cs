namespace Sojourn.Kinds.Parties;

/// <summary>Adds parties.</summary>
public static class PartyServices
{
    /// <summary>Adds the kind.</summary>
    /// <param name="builder">The engine's.</param>
    /// <param name="options">The limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public static SojournBuilder AddParties(this SojournBuilder builder, PartyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddKind(new PartyKind(options));
    }
}
