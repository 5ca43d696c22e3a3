using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;
using Sojourn.Server.Problems;
using Sojourn.Stores;

namespace Sojourn.Server.Parties;

/// <summary>Whoever sits in a party, as the request's secret tells.</summary>
/// <param name="Party">The party's session.</param>
/// <param name="Member">The member's id.</param>
internal sealed record Seat(SessionKey Party, string Member);

/// <summary>Lets members into parties, and knows them again.</summary>
internal sealed class PartyDoor(SojournEngine engine)
{
    private const int MostRemembered = 100_000;

    private static readonly HttpProblem NoSuchInvitation = new(ProblemTypes.NotFound,
        "This invitation is not, or no longer, good. Ask the party's host for the one of today.");

    private static readonly HttpProblem NotSeated = new(HttpProblemTypes.Unauthorized,
        "You do not sit there, or no longer. Join the party again.");

    // Which party a handle is of does not change.
    private readonly ConcurrentDictionary<string, SessionKey> _known = new(StringComparer.Ordinal);

    /// <summary>Takes a seat, or the same one again; on the disk once it is answered.</summary>
    public async ValueTask<(Seat? Seat, Joined? Joined, HttpProblem? Problem)> JoinAsync(TakeSeat asked)
    {
        var code = PartyCode.Read(asked.Invitation ?? "");
        if (!PartyLimits.IsInvitation(code) || await FindAsync(PartyCode.HandleOf(code)) is not { } party
            || !IsSame(party.State.Invitation, code))
        {
            return (null, null, NoSuchInvitation);
        }

        if (CheckPassword(asked, party.State) is { } wrong)
        {
            return (null, null, wrong);
        }

        var joined = await engine.SendAsync(
            party.Key.Id,
            new Join(asked.Name, asked.PublicKey, HashOf(asked.Secret), asked.WantedAddress),
            new SendOptions { Owner = party.Key.Owner });
        if (!joined.IsAccepted)
        {
            return (null, null, HttpProblem.Of(joined.Problem));
        }

        await engine.FlushAsync();
        return (new Seat(party.Key, joined.Reply.Member), joined.Reply, null);
    }

    /// <summary>Whoever speaks with a secret; null, and a problem, if nobody sits there with it.</summary>
    public async ValueTask<(Seat? Seat, Party? Party, HttpProblem? Problem)> KnowAsync(
        string? handle, string? member, string? secret)
    {
        if (handle is not { Length: PartyCode.HandleLength } || member is null || secret is null
            || await FindAsync(handle) is not { } party || party.State.Find(member) is not { } seated
            || !IsSame(seated.SecretHash, HashOf(secret)))
        {
            return (null, null, NotSeated);
        }

        return (new Seat(party.Key, member), party.State, null);
    }

    /// <summary>What a party's invitations begin with.</summary>
    public async ValueTask<string> HandleOfAsync(SessionKey party)
    {
        var read = await engine.GetAsync<Party>(party.Id, party.Owner);
        return PartyCode.HandleOf(read.Reply.State.Invitation);
    }

    /// <summary>What the party of a handle is called; null if there is none here, or it is over. One that is locked is
    /// told of too: who was there comes back to it.</summary>
    public async ValueTask<string?> NameOfAsync(string handle) =>
        SeatEndpoints.Serve(engine) && await FindAsync(handle) is { State: { EndedAt: null } party }
            ? party.Name : null;

    /// <summary>SHA-256, plain and fast, as for keys: secrets cannot be guessed.</summary>
    public static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static HttpProblem? CheckPassword(TakeSeat asked, Party party)
    {
        if (party.PasswordHash is "")
        {
            return null;
        }

        return asked.Password switch
        {
            null or "" => new(HttpProblemTypes.Forbidden, "This invitation has a password; send it as 'password'.")
            {
                Code = "password-needed",
            },
            { Length: <= PartyPassword.Longest } password when PartyPassword.Fits(password, party.PasswordHash) => null,
            _ => new(HttpProblemTypes.Forbidden, "That is not the invitation's password.") { Code = "password-wrong" },
        };
    }

    private async ValueTask<SessionView<Party>?> FindAsync(string handle)
    {
        if (_known.TryGetValue(handle, out var known)
            && await engine.GetAsync<Party>(known.Id, known.Owner) is { IsAccepted: true } read)
        {
            return read.Reply;
        }

        _known.TryRemove(handle, out _);
        var page = await engine.ListAsync(new SessionQuery
        {
            Kind = PartyKind.KindName,
            Owner = null,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [PartyCode.Label] = handle },
            Limit = 1,
        });
        if (page.Sessions is not [var listed]
            || await engine.GetAsync<Party>(listed.Key.Id, listed.Key.Owner) is not { IsAccepted: true } found)
        {
            return null;
        }

        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }

        _known[handle] = found.Reply.Key;
        return found.Reply;
    }

    private static bool IsSame(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
