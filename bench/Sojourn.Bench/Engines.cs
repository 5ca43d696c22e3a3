using Microsoft.Extensions.DependencyInjection;

namespace Sojourn.Bench;

/// <summary>Engines with sessions to measure.</summary>
internal static class Engines
{
    public static async Task<(SojournEngine Engine, SessionId[] Ids)> StartAsync(
        Durability durability, int sessions, int textLength, string? directory) =>
        await StartWithAsync(durability, sessions, textLength, options =>
        {
            if (directory is not null)
            {
                options.UseSqlite(directory);
            }
        });

    public static async Task<(SojournEngine Engine, SessionId[] Ids)> StartWithAsync(
        Durability durability, int sessions, int textLength, Action<SojournOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddSojourn(configure).AddKind(new MeterKind(durability));
        var engine = services.BuildServiceProvider().GetRequiredService<SojournEngine>();
        await engine.StartAsync();
        var ids = new SessionId[sessions];
        await Parallel.ForAsync(0, sessions, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, stop) =>
        {
            ids[i] = $"m{i}";
            var created = await engine.CreateAsync(new StartMeter(textLength), new CreateOptions { Id = ids[i] }, stop);
            _ = created.Reply;
        });
        return (engine, ids);
    }
}
