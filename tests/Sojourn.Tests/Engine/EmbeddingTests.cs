using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sojourn.Tests.Engine;

// As in README.md, to the letter.
public sealed record Counter(long Total);

public sealed record NewCounter(long From = 0) : IStart<Counter>;

public sealed record Increment(long By) : ICommand<long>;

public sealed class CounterKind : Kind<Counter>
{
    public CounterKind()
        : base("counter")
    {
        Start<NewCounter>((start, context) => Go(new Counter(start.From)));
        On<Increment, long>((counter, increment, context) => Go(new Counter(counter.Total + increment.By))
            .Reply(counter.Total + increment.By));
    }
}

public sealed class EmbeddingTests
{
    [Fact]
    public async Task The_ten_lines_of_the_readme_count_across_restarts()
    {
        var directory = Directory.CreateTempSubdirectory("sojourn-embedding-").FullName;
        for (var visit = 1; visit <= 3; visit++)
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSojourn(options => options.UseSqlite(Path.Combine(directory, "data"))).AddKind<CounterKind>();
            await using var provider = services.BuildServiceProvider();
            var host = provider.GetServices<IHostedService>().Single();
            await host.StartAsync(default);
            var sojourn = provider.GetRequiredService<SojournEngine>();

            await sojourn.CreateAsync(new NewCounter(), new CreateOptions { Id = "visits", GetIfExists = true });
            var answer = await sojourn.SendAsync("visits", new Increment(1));

            answer.Reply.ShouldBe(visit);
            (await sojourn.GetAsync<Counter>("visits")).Reply.State.Total.ShouldBe(visit);
            await host.StopAsync(default);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void An_engine_whose_kinds_or_options_do_not_fit_together_is_not_built()
    {
        Refused(options => options.LeaseLength = TimeSpan.Zero).ShouldContain("LeaseLength must be 1 s to 10 min");
        Refused(add: builder => builder.AddKind<CounterKind>()).ShouldContain("Two kinds are named 'counter'");

        static string Refused(Action<SojournOptions>? configure = null, Action<SojournBuilder>? add = null)
        {
            var services = new ServiceCollection();
            var builder = services.AddSojourn(configure).AddKind<CounterKind>();
            add?.Invoke(builder);
            using var provider = services.BuildServiceProvider();
            return Should.Throw<Exception>(() => provider.GetRequiredService<SojournEngine>()).Message;
        }
    }
}
