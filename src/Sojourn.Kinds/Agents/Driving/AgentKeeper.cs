using Microsoft.Extensions.Hosting;

namespace Sojourn.Kinds.Agents.Driving;

/// <summary>
/// At the server's start: ends what a crashed process of it has left, and begins the shared sessions that start with
/// it.
/// </summary>
internal sealed class AgentKeeper(SojournEngine engine, AgentHost host) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await host.SweepAsync().WaitAsync(cancellationToken);
        foreach (var profile in host.Options.Profiles.Where(profile => profile.StartsWithServer))
        {
            var start = new StartAgent(profile.Name);
            var answer = await engine.CreateAsync(
                start, new CreateOptions { Owner = OwnerOf(profile), IsUpkeep = true }, cancellationToken);
            if (answer.Problem is { } problem)
                throw new SojournException(problem);
            // Of those that were there already, the busy ones are taken up by themselves.
            if (!answer.IsChange)
                await SharedAgent.GoOnAsync(engine, answer.Reply, start);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static OwnerId OwnerOf(AgentProfile profile) =>
        OwnerId.TryParseTenant(profile.Owners[0], out var owner) ? owner : OwnerId.Local;
}
