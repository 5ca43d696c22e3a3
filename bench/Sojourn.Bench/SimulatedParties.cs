using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sojourn.Kinds.Parties;
using Sojourn.Parties;

namespace Sojourn.Bench;

/// <summary>Parties of members who are known by their numbers, so that two processes know the same.</summary>
internal static class SimulatedParties
{
    public const int Members = 8;

    /// <summary>Where a member's seat is.</summary>
    public static string SeatOf(int party, int member) => $"{HandleOf(party)}/{IdOf(party, member)}";

    public static string SecretOf(int party, int member) => $"secret-of-the-member-{party:d8}-{member:d8}";

    public static string IdOf(int party, int member) => PartyLimits.IdOf(KeyOf(party, member))!;

    /// <summary>Makes them, past the doors: these let ten join a second.</summary>
    public static async Task SeedAsync(SojournEngine engine, int parties)
    {
        await Parallel.ForAsync(0, parties, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (party, stop) =>
        {
            var made = await engine.CreateAsync(
                new StartParty($"Party {party}", Members, Invitation: HandleOf(party) + "000000000000"),
                new CreateOptions
                {
                    Id = $"p{party}",
                    Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["handle"] = HandleOf(party) },
                }, stop);
            _ = made.Reply;
            for (var member = 0; member < Members; member++)
            {
                var hash = Convert.ToHexStringLower(
                    SHA256.HashData(Encoding.UTF8.GetBytes(SecretOf(party, member))));
                var join = new Join($"Member {member}", KeyOf(party, member), hash);
                var joined = await engine.SendAsync(made.Reply.Key.Id, join, new SendOptions(), stop);
                _ = joined.Reply;
            }
        });
        await engine.FlushAsync();
    }

    private static string HandleOf(int party) => party.ToString("d8", CultureInfo.InvariantCulture);

    private static string KeyOf(int party, int member) => Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{party}/{member}")));
}
