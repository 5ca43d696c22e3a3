using System.Globalization;
using Sojourn.NatLab;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>A party in a laboratory: its server, and members behind routers, each a program of its own.</summary>
internal sealed class PartyLab : IAsyncDisposable
{
    public const string Url = $"http://{Laboratory.ServerAddress}:7707";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sojourn-party-");
    private readonly List<LabMember> _members = [];
    private TimeSpan? _silentAfter;
    private readonly List<SojournProcess> _others = [];

    private PartyLab(Laboratory lab) => Lab = lab;

    public Laboratory Lab { get; }

    public SojournProcess Server { get; private set; } = null!;

    /// <summary>As a link.</summary>
    public string Invitation { get; private set; } = "";

    public IReadOnlyList<LabMember> Members => _members;

    /// <param name="silentAfter">After how long a silent member loses its seat; null for as it comes.</param>
    public static async Task<PartyLab> BuildAsync(TimeSpan? silentAfter = null)
    {
        var made = new PartyLab(await Laboratory.BuildAsync()) { _silentAfter = silentAfter };
        try
        {
            await made.StartServerAsync();
            var create = SojournProcess.StartIn(
                made.Lab.Server.Entering(), "party", "create", "Friday", "--size", "32", "--url", Url, "--data",
                made.PathOf("server"));
            await using (create)
            {
                made.Invitation = (await create.WaitForLineAsync("Invitation: "))["Invitation: ".Length..];
            }

            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a relay of its own on a machine with a public address, or begins it again.</summary>
    public async Task<SojournProcess> StartRelayAsync(LabHost host)
    {
        var file = PathOf("relay.key");
        if (!File.Exists(file))
        {
            var key = SojournProcess.StartIn(
                Lab.Server.Entering(), "party", "relay-key", "near", "--url", Url, "--data", PathOf("server"));
            await using (key)
            {
                await File.WriteAllTextAsync(file, await key.WaitForLineAsync("="));
            }
        }

        var relay = SojournProcess.StartIn(
            host.Machine.Entering(), "party", "relay", "near", "--key-file", file, "--url", Url);
        _others.Add(relay);
        await relay.WaitForLineAsync("knows it");
        return relay;
    }

    /// <summary>Begins the server, or begins it again.</summary>
    public async Task StartServerAsync()
    {
        await File.WriteAllTextAsync(PathOf("config.json"), $$"""
            {
              "Parties": {
                "UdpAddresses": ["{{Laboratory.ServerAddress}}", "{{Laboratory.OtherServerAddress}}"],
                "SilentAfter": "{{_silentAfter ?? TimeSpan.FromMinutes(5):c}}"
              }
            }
            """);
        Server = SojournProcess.StartIn(
            Lab.Server.Entering(), "serve", "--urls", Url, "--data", PathOf("server"), "--config",
            PathOf("config.json"));
        await Server.WaitForLineAsync("listens on");
    }

    /// <summary>Has somebody join, behind a router of a kind.</summary>
    /// <param name="name">Who.</param>
    /// <param name="nat">The router.</param>
    /// <param name="options">Further options of the verb.</param>
    public async Task<LabMember> AddAsync(string name, LabNat nat, params string[] options) =>
        Join(await Lab.AddAsync(name, nat), options);

    /// <summary>The same, on a machine that has IPv6 too.</summary>
    public async Task<LabMember> AddWithIpv6Async(string name, LabNat nat)
    {
        var host = await Lab.AddAsync(name, nat);
        await host.AddIpv6Async();
        return Join(host);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
        foreach (var other in _others)
            await other.DisposeAsync();
        if (Server is not null)
            await Server.DisposeAsync();
        await Lab.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private LabMember Join(LabHost host, params string[] options)
    {
        var member = new LabMember(host, PathOf(host.Name), ["party", "join", Invitation, .. options]);
        _members.Add(member);
        member.Begin();
        return member;
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
