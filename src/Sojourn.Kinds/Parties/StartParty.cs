namespace Sojourn.Kinds.Parties;

/// <summary>Makes a party. Whoever joins first is its host.</summary>
/// <param name="Name">What it is called; 1 to 64 characters, none of them a control character.</param>
/// <param name="Size">How many members it may have: 2 to 64, as far as its subnet has room. Default 16.</param>
/// <param name="EndsWithHost">
/// Whether it is over once the host leaves. Default false: the oldest member becomes host.
/// </param>
/// <param name="Subnet">The addresses of its network, private and IPv4. Default <c>10.66.0.0/24</c>.</param>
/// <param name="Invitation">
/// The code to join with: 12 to 32 of a-z and 0-9. The server makes one if it is left out; a program that has the
/// engine to itself makes its own, by chance that nobody can guess. Its first 8 characters stay for good.
/// </param>
/// <param name="Password">
/// What whoever joins must know besides the code; empty (the default) for none. At most 128 characters. The server
/// keeps its hash alone; rules take no password.
/// </param>
/// <param name="PasswordHash">Of the password; empty (the default) for none.</param>
public sealed record StartParty(
    string Name,
    int Size = 16,
    bool EndsWithHost = false,
    string Subnet = "10.66.0.0/24",
    string Invitation = "",
    string Password = "",
    string PasswordHash = "") : IStart<Party>;
