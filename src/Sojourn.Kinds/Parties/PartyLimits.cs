using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Sojourn.Parties;

namespace Sojourn.Kinds.Parties;

/// <summary>What parameters may be. Pure.</summary>
public static class PartyLimits
{
    /// <summary>The most members of a party.</summary>
    public const int MostMembers = 64;

    /// <summary>
    /// How much of an invitation finds the party, and stays as it was when the party began; the rest opens it.
    /// </summary>
    public const int HandleLength = 8;

    /// <summary>The longest name of a member, in characters.</summary>
    public const int LongestMemberName = 32;

    /// <summary>The longest name of a party, in characters.</summary>
    public const int LongestName = 64;

    /// <summary>The most addresses at which a member may be reached.</summary>
    public const int MostCandidates = 16;

    /// <summary>The longest signal, in characters.</summary>
    public const int LongestSignal = 2048;

    /// <summary>How many signals may wait for one member.</summary>
    public const int MostSignals = 64;

    /// <summary>How many who were banned are kept.</summary>
    public const int MostBanned = 256;

    /// <summary>The longest line that is said, in characters.</summary>
    public const int LongestLine = 500;

    /// <summary>How many lines a member may say at once.</summary>
    public const int MostLinesAtOnce = 5;

    /// <summary>How long a signal waits; then it is forgotten.</summary>
    public static readonly TimeSpan SignalsWait = TimeSpan.FromSeconds(30);

    /// <summary>How often a member may say something in the long run.</summary>
    public static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(1);

    private const int LongestDetail = 64;
    private const int LongestEvidence = 256;
    private const int LongestPassword = 512;
    private const double LongestLatency = 60_000;

    /// <summary>A member's id: the first 8 bytes of its key's SHA-256, in hexadecimal.</summary>
    /// <param name="publicKey">Of WireGuard, in base64.</param>
    /// <returns>Null if that is no key.</returns>
    public static string? IdOf(string? publicKey)
    {
        Span<byte> key = stackalloc byte[33];
        // Written in one way only, so that nobody has two ids.
        return publicKey is { Length: 44 } && Convert.TryFromBase64String(publicKey, key, out var length)
            && length == 32 && Convert.ToBase64String(key[..32]) == publicKey && key[..32].ContainsAnyExcept((byte)0)
            ? Convert.ToHexStringLower(SHA256.HashData(key[..32])[..8])
            : null;
    }

    /// <summary>Whether a text is what invitations are: 12 to 32 of a-z and 0-9.</summary>
    public static bool IsInvitation(string? text) =>
        text is { Length: >= 12 and <= 32 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    internal static Refusal? Check(StartParty start, out Subnet subnet)
    {
        if (!Subnet.TryParse(start.Subnet, out subnet))
        {
            return OutOfRange("subnet", $"private and IPv4, /{Subnet.Widest} to /{Subnet.Narrowest}, as 10.66.0.0/24");
        }

        return CheckName("name", start.Name, LongestName) ?? CheckSize(start.Size, subnet)
            ?? CheckInvitation(start.Invitation) ?? CheckPassword(start.PasswordHash)
            // What is sent to a rule is kept.
            ?? (start.Password is "" ? null
                : OutOfRange("password", "at most 128 characters, and is kept as its hash alone"));
    }

    internal static Refusal? CheckSize(int size, Subnet subnet)
    {
        var most = Math.Min(MostMembers, subnet.Places);
        return size >= 2 && size <= most ? null : OutOfRange("size", $"2 to {most} in {subnet}");
    }

    internal static Refusal? CheckInvitation(string? invitation) =>
        IsInvitation(invitation) ? null : OutOfRange("invitation", "12 to 32 of a-z and 0-9");

    internal static Refusal? CheckNewInvitation(Party party, string? invitation) => CheckInvitation(invitation)
        ?? (invitation!.AsSpan(0, HandleLength).SequenceEqual(party.Invitation.AsSpan(0, HandleLength))
            ? null : OutOfRange("invitation", $"one that begins with {party.Invitation[..HandleLength]}"));

    internal static Refusal? CheckPassword(string? hash) => hash is { Length: <= LongestPassword }
        ? null : OutOfRange("passwordHash", $"at most {LongestPassword} characters");

    internal static Refusal? CheckName(string field, string? name, int longest) =>
        name is { Length: > 0 } && name.Length <= longest && !name.Any(char.IsControl) && name.Trim() == name
            ? null
            : OutOfRange(field, $"1 to {longest} characters, none of them a control character, and no spaces around "
                + "them");

    internal static Refusal? Check(Join join)
    {
        if (CheckName("name", join.Name, LongestMemberName) is { } fault)
        {
            return fault;
        }

        if (IdOf(join.PublicKey) is null)
        {
            return OutOfRange("publicKey", "a key of WireGuard, 32 bytes in base64");
        }

        return join.SecretHash is { Length: 64 } hash && hash.All(char.IsAsciiHexDigitLower)
            ? null : OutOfRange("secretHash", "a SHA-256 in 64 hexadecimal digits in lower case");
    }

    internal static Refusal? Check(Party party, Report report) =>
        CheckCandidates(report.Candidates) ?? CheckNat(report.Nat) ?? CheckPaths(party, report.By, report.Paths);

    internal static Refusal? CheckLine(string? text) =>
        text is { Length: > 0 and <= LongestLine } && !text.Any(char.IsControl) && !string.IsNullOrWhiteSpace(text)
            ? null : OutOfRange("text", $"1 to {LongestLine} characters on a line");

    internal static Refusal? CheckSignal(string? data) => data is { Length: > 0 and <= LongestSignal }
        ? null : OutOfRange("data", $"1 to {LongestSignal:N0} characters");

    internal static Refusal OutOfRange(string field, string must) =>
        new("out-of-range", $"'{field}' must be {must}.") { Field = field, IsInvalid = true };

    private static Refusal? CheckCandidates(ImmutableArray<Candidate>? candidates)
    {
        if (candidates is not { IsDefault: false } many)
        {
            return null;
        }

        return many.Length <= MostCandidates && many.All(each => each is not null
            && Enum.IsDefined(each.Source) && IsEndPoint(each.Address))
            ? null
            : OutOfRange("candidates", $"at most {MostCandidates}, each an IP address and a port as 192.0.2.7:40000");
    }

    // What comes from a member is sent to by others: not to everybody on a network at once, and not to themselves.
    private static bool IsEndPoint(string? text) => text is { Length: <= 64 }
        && IPEndPoint.TryParse(text, out var end) && end.Port > 0 && end.ToString() == text
        && !IPAddress.IsLoopback(end.Address) && !end.Address.Equals(IPAddress.Any)
        && !end.Address.Equals(IPAddress.IPv6Any) && !end.Address.Equals(IPAddress.Broadcast)
        && !end.Address.IsIPv6LinkLocal && !end.Address.IsIPv6Multicast && !end.Address.IsIPv4MappedToIPv6
        && (end.Address.GetAddressBytes() is not [var first, _, _, _] || first is > 0 and < 224);

    private static Refusal? CheckNat(NatReport? nat) => nat is null
        || (Enum.IsDefined(nat.Kind) && IsLine(nat.Evidence, LongestEvidence)
            && nat.PortStep is null or (>= -64 and <= 64))
            ? null
            : OutOfRange("nat", $"of a known kind, with evidence of at most {LongestEvidence} characters, and a step "
                + "of at most 64");

    private static Refusal? CheckPaths(Party party, string by, ImmutableArray<PathReport>? paths)
    {
        if (paths is not { IsDefault: false } many)
        {
            return null;
        }

        return many.Length <= party.Size && many.All(IsPath)
            && many.Select(path => path.To).Distinct(StringComparer.Ordinal).Count() == many.Length
            && many.All(path => path.To != by)
            ? null
            : OutOfRange("paths", "to other members, each once, with a latency of 0 to 60,000 ms, a loss of 0 to "
                + "100 %, and what is opened an IP address and a port as 192.0.2.7:40000");
    }

    private static bool IsPath(PathReport? path) => path is not null && path.To is { Length: <= 16 }
        && Enum.IsDefined(path.Via) && path.LatencyMs is null or (>= 0 and <= LongestLatency)
        && path!.LossPercent is >= 0 and <= 100 && IsLine(path.Detail, LongestDetail)
        && (path.Opened is null || IsEndPoint(path.Opened));

    private static bool IsLine(string? text, int longest) =>
        text is not null && text.Length <= longest && !text.Any(char.IsControl);
}
