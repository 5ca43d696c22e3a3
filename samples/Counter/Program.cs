// A counter that outlives the program that counts. Run it as often as you like, or kill it in the middle:
//   dotnet run --project samples/Counter [DIRECTORY]
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sojourn;

var directory = args.FirstOrDefault() ?? Path.Combine(Path.GetTempPath(), "sojourn-counter");
for (var life = 1; life <= 2; life++)
{
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
    builder.Services.AddSojourn(options => options.UseSqlite(directory)).AddKind<CounterKind>();
    using var host = builder.Build();
    await host.StartAsync();
    var sojourn = host.Services.GetRequiredService<SojournEngine>();

    await sojourn.CreateAsync(new NewCounter(), new CreateOptions { Id = "lives", GetIfExists = true });
    var answer = await sojourn.SendAsync("lives", new Increment());
    Console.WriteLine($"Life {life} of this run, life {answer.Reply} of the counter in {directory}");
    await host.StopAsync();
}

internal sealed record Counter(long Total);

internal sealed record NewCounter(long From = 0) : IStart<Counter>;

internal sealed record Increment(long By = 1) : ICommand<long>;

internal sealed class CounterKind : Kind<Counter>
{
    public CounterKind()
        : base("counter")
    {
        Start<NewCounter>((start, context) => Go(new Counter(start.From)));
        On<Increment, long>((counter, increment, context) =>
            Go(new Counter(counter.Total + increment.By)).Reply(counter.Total + increment.By));
    }
}
