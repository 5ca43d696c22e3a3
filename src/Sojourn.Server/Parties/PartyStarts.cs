using System.Security.Cryptography;
using Sojourn.Kinds.Parties;

namespace Sojourn.Server.Parties;

/// <summary>Gives a party what nobody can guess, before it begins.</summary>
internal sealed class PartyStarts(SeatSecrets secrets)
{
    /// <summary>
    /// Makes the invitation, if there is none, and keeps its handle as a label; and takes the password out of sight.
    /// Sent again under the same operation id, a start is the same.
    /// </summary>
    public (StartParty Start, CreateOptions Create) Fill(StartParty start, CreateOptions create)
    {
        if (start.Password is { Length: > PartyPassword.Longest })
            return (start, create);
        var seed = create.OperationId is { } operation
            ? secrets.StartSeed(create.Owner, operation) : RandomNumberGenerator.GetBytes(32);
        var filled = start with
        {
            Invitation = start.Invitation is "" ? PartyCode.Of(seed.AsSpan(0, PartyCode.Length)) : start.Invitation,
            Password = "",
            PasswordHash = start.Password is "" or null ? start.PasswordHash
                : PartyPassword.Hash(start.Password, SHA256.HashData(seed)[..PartyPassword.SaltBytes]),
        };
        if (!PartyLimits.IsInvitation(filled.Invitation))
            return (filled, create);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [PartyCode.Label] = PartyCode.HandleOf(filled.Invitation),
        };
        foreach (var (name, value) in create.Labels ?? labels)
            labels.TryAdd(name, value);
        return (filled, create with { Labels = labels });
    }
}
