using System.Security.Cryptography;
using System.Text;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using Sojourn.Testing;

namespace Sojourn.Tests.Parties;

/// <summary>Parties for tests of rules.</summary>
internal static class Friends
{
    public const string Code = "abcdefgh2345";

    public static Decided<Party> Make(StartParty? start = null, PartyOptions? options = null) =>
        Rules.Of(new PartyKind(options)).Start((start ?? new StartParty("Friday")) with { Invitation = Code });

    /// <summary>The same name gives the same key.</summary>
    public static string KeyOf(string name) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static string IdOf(string name) => PartyLimits.IdOf(KeyOf(name))!;

    public static Join JoinOf(string name, string? secret = null, string? wanted = null) => new(
        name, KeyOf(name), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? name))), wanted);

    /// <summary>Has some join, a second after each other.</summary>
    public static Decided<Party> With(this Decided<Party> party, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            party = party.After(TimeSpan.FromSeconds(1)).Send(JoinOf(name));
            party.Refusal.ShouldBeNull();
        }

        return party;
    }

    public static Member Member(this Decided<Party> party, string name) => party.State.Find(IdOf(name))!;

    public static string[] Names(this Decided<Party> party) => [.. party.State.Members.Select(member => member.Name)];

    public static string Host(this Decided<Party> party) => party.State.Find(party.State.Host)?.Name ?? "";
}
