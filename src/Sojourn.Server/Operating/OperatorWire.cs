using System.Text.RegularExpressions;
using Sojourn.Server.Sessions;
using Sojourn.Stores;

namespace Sojourn.Server.Operating;

/// <summary>A backup to be made.</summary>
/// <param name="Name">What it is to be called: 1 to 64 of a-z, 0-9 and '-', beginning with a letter or a digit; null
/// for the date and time.</param>
internal sealed partial record NewBackup(string? Name = null)
{
    public const string NameRule =
        "'name' must be 1 to 64 characters of a-z, 0-9 and '-', the first a letter or a digit, or left out.";

    // It becomes a directory's name, so that nothing that means something in a path gets through.
    public static bool IsName(string text) => Name1To64().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z", RegexOptions.None, 1000)]
    private static partial Regex Name1To64();
}

/// <summary>A backup that was made and read back.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Directory">Where it lies on the server.</param>
/// <param name="Sessions">Sessions in it.</param>
/// <param name="Entries">Entries of their streams in it.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="DamagedRecords">How many of its records were damaged before, and are so in the copy.</param>
/// <param name="Damaged">A sentence for each of the first 1,000 of these.</param>
internal sealed record BackupView(
    string Name,
    string Directory,
    long Sessions,
    long Entries,
    long Bytes,
    long DamagedRecords,
    IReadOnlyList<string> Damaged)
{
    public static BackupView Of(string name, BackupReport report) => new(
        name, report.Directory, report.Sessions, report.Entries, report.Bytes, report.Damaged.Count,
        [.. report.Damaged.Take(OperatorEndpoints.MostTold)]);
}

/// <summary>What a verification has found.</summary>
/// <param name="Sessions">Sessions read.</param>
/// <param name="Entries">Entries of their streams read.</param>
/// <param name="DamagedRecords">How many records do not match their checksums.</param>
/// <param name="Damaged">A sentence for each of the first 1,000 of these.</param>
internal sealed record VerifyView(long Sessions, long Entries, long DamagedRecords, IReadOnlyList<string> Damaged)
{
    public static VerifyView Of(StoreCheck check) => new(
        check.Sessions, check.Entries, check.Damaged.Count, [.. check.Damaged.Take(OperatorEndpoints.MostTold)]);
}

/// <summary>Sessions to be removed, busy ones excepted.</summary>
/// <param name="Where">Which; something must be asked for.</param>
/// <param name="Kind">Of which kind; null for any.</param>
/// <param name="Owner">Of which owner; null for any.</param>
/// <param name="Limit">The most to remove: 1 to 100,000.</param>
internal sealed record CleanUp(SessionFilter Where, string? Kind = null, string? Owner = null, int Limit = 10_000)
{
    private const int MostAtOnce = 100_000;

    /// <summary>What is wrong with it; null if nothing is.</summary>
    public (string Field, string Says)? FindFault(IReadOnlyList<KindDescription> kinds)
    {
        if (Where.IsEmpty)
        {
            return ("where", "'where' asks for nothing, and so for every session there is. Say which are meant.");
        }

        if (Owner is not null && !OwnerId.TryParseTenant(Owner, out _))
        {
            return ("owner", Requests.Query.OwnerRule);
        }

        return Limit is < 1 or > MostAtOnce ? ("limit", $"'limit' must be 1 to {MostAtOnce:N0}.")
            : Where.FindFault(kinds) is var (field, says) ? ($"where.{field}", says) : null;
    }
}

/// <summary>What a clean-up has done.</summary>
/// <param name="Removed">Sessions removed.</param>
/// <param name="More">True if the limit was reached, so that there may be more.</param>
internal sealed record CleanUpView(int Removed, bool More);
