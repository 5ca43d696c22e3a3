using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sojourn.Kinds.Agents.Acp;
using Sojourn.Kinds.Agents.Claude;
using Sojourn.Kinds.Agents.Driving;
using Sojourn.Kinds.Agents.Terminals;

namespace Sojourn.Kinds.Agents;

/// <summary>Adds agents' sessions.</summary>
public static class AgentServices
{
    /// <summary>Adds the kind, and what runs its programs.</summary>
    /// <param name="builder">The engine's.</param>
    /// <param name="directory">
    /// Where locks on conversations are kept, and a name that is given to the store, so that what a crashed process of
    /// this server left is known, and what another server runs is left alone. It belongs with the store: moved with it,
    /// and not shared.
    /// </param>
    /// <param name="options">The profiles and limits; null for the defaults. Read once, here.</param>
    /// <exception cref="SojournException">An option is out of its range; the message names all that are.</exception>
    public static SojournBuilder AddAgents(this SojournBuilder builder, string directory, AgentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options ??= new AgentOptions();
        builder.AddKind(new AgentKind(options));
        builder.Services.AddSingleton(provider => new AgentHost(
            options, directory, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(provider => new AgentScreens(
            provider.GetRequiredService<SojournEngine>(), provider.GetRequiredService<AgentHost>()));
        builder.Services.AddSingleton<IHostedService, AgentKeeper>();
        return builder.AddDriver(provider =>
        {
            var host = provider.GetRequiredService<AgentHost>();
            return new AgentDriver(host, (profile, key) => profile.Protocol switch
            {
                AgentProtocol.Terminal => new TerminalProgram(options),
                AgentProtocol.Claude => new ClaudeProgram(key),
                _ => new AcpProgram(profile),
            });
        });
    }
}
