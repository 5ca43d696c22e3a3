using System.CommandLine;
using System.Globalization;
using System.Net;
using Sojourn.Client;
using Sojourn.Client.Parties;
using Sojourn.Relays;

namespace Sojourn.Cli.Parties;

/// <summary>The verbs of relays that are not a server's own.</summary>
internal static class RelayVerbs
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10), Patience = TimeSpan.FromSeconds(5);

    private static readonly Option<string> KeyFile = new("--key-file")
    {
        Description = "The file with what `party relay-key` told",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string> PublicAddress = new("--address")
    {
        Description = "Where members reach it: an address of IPv4 or a name [where the server sees it]",
        HelpName = "HOST",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<IPAddress> Listen = new("--listen")
    {
        Description = "Where it listens: an address of this machine's",
        HelpName = "IP",
        DefaultValueFactory = _ => IPAddress.Any,
        CustomParser = result =>
        {
            if (!IPAddress.TryParse(result.Tokens[0].Value, out var address))
                result.AddError("--listen must be an address of IPv4, such as 0.0.0.0.");
            return address;
        },
    };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "The first of 64 UDP ports in a row",
        HelpName = "PORT",
        DefaultValueFactory = _ => 7810,
    };

    private static readonly Option<double> Mbit = new("--mbit")
    {
        Description = "How much it can pass on, in Mbit/s; beyond nine tenths no further members are sent to it",
        HelpName = "N",
        DefaultValueFactory = _ => 1000,
    };

    private static readonly Option<double> OwnerMbit = new("--owner-mbit")
    {
        Description = "How much the parties of one owner may send through it, in Mbit/s",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<double?> OwnerGigabytes = new("--owner-gb-a-day")
    {
        Description = "How much the parties of one owner may send through it a day, in GB [any amount]",
        HelpName = "N",
    };

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) CreateKey()
    {
        var name = new Argument<string>("NAME") { Description = "What the relay is called: a-z, 0-9 and -" };
        var verb = new Verb(
            "relay-key", "Tells the key that a relay of a name is begun with; needs an admin key.",
            "sojourn party relay-key frankfurt > frankfurt.key") { name };
        return (verb, async (call, stop) =>
        {
            var key = await call.Client.RelayKeyAsync(call.Parse.GetRequiredValue(name), stop);
            if (call.Json)
            {
                call.Document(key);
                return ExitCodes.Done;
            }

            call.Say(key.Key);
            // Beside the key, so that a file it is written to holds nothing else.
            await call.Terminal.Error.WriteLineAsync(
                $"Keep it secret. On the relay's machine: {call.Hint($"party relay {key.Name} --key-file FILE")}");
            return ExitCodes.Done;
        }
        );
    }

    public static (Verb Verb, Func<Call, CancellationToken, Task<int>> Run) Create()
    {
        var name = new Argument<string>("NAME") { Description = "What it is called, as its key was asked for" };
        var verb = new Verb(
            "relay", "Passes on between members of a server's parties, near to them, until Ctrl-C.",
            "sojourn party relay frankfurt --key-file frankfurt.key --url https://play.example.org")
            { name, KeyFile, PublicAddress, Listen, Port, Mbit, OwnerMbit, OwnerGigabytes };
        return (verb, (call, stop) => RunAsync(call, call.Parse.GetRequiredValue(name), stop));
    }

    private static async Task<int> RunAsync(Call call, string name, CancellationToken stop)
    {
        var key = ReadKey(call.Parse.GetRequiredValue(KeyFile));
        var place = GetPlace(call);
        var limits = new RelayLimits(
            call.Parse.GetValue(Mbit), call.Parse.GetValue(OwnerMbit), call.Parse.GetValue(OwnerGigabytes));
        await using var relay = ServeRelay.Open(key, place, limits, call.Terminal.Clock);
        var url = call.Globals.Url(call.Parse, call.Terminal);
        using var reports = new RelayReports(
            new SojournClientOptions { Url = url, TimeProvider = call.Terminal.Clock, RequestTimeout = Patience },
            name, key);
        Tell(call, "listening", string.Create(CultureInfo.InvariantCulture,
            $"The relay '{name}' listens on UDP {place} to {place.Port + RelayFormat.Ports - 1}."));
        var address = string.Create(
            CultureInfo.InvariantCulture, $"{call.Parse.GetValue(PublicAddress)}:{place.Port}");
        // Of neither is told yet.
        string? before = "";
        while (!stop.IsCancellationRequested)
        {
            var state = await TryTellAsync(reports, relay, (address, before is null), stop);
            if (stop.IsCancellationRequested)
                break;
            if (state != before)
            {
                Tell(call, state is null ? "known" : "unknown", state is null
                    ? $"{url} knows it and sends members to it."
                    : $"{url} does not know it now: {state} Who has a ticket is served all the same.");
            }

            before = state;
            await ((Task)Task.Delay(TellEvery, call.Terminal.Clock, stop))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCodes.Done;
    }

    /// <returns>Why the server does not know it; null if it does.</returns>
    private static async Task<string?> TryTellAsync(
        RelayReports reports, ServeRelay relay, (string Address, bool WasKnown) now, CancellationToken stop)
    {
        try
        {
            await reports.TellAsync(relay.Tell(now.Address), stop);
            return null;
        }
        catch (SojournClientException failure) when (now.WasKnown || !IsForEver(failure))
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Once it was known, it is a proxy or a server that is being changed.</summary>
    private static bool IsForEver(SojournClientException failure) =>
        failure is SojournProblemException { Problem.Status: 400 or 401 or 404 or 422 };

    private static IPEndPoint GetPlace(Call call)
    {
        var port = call.Parse.GetValue(Port);
        return port is >= 1 and <= 65536 - RelayFormat.Ports
            ? new IPEndPoint(call.Parse.GetRequiredValue(Listen), port)
            : throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"--port must be 1 to {65536 - RelayFormat.Ports:N0}."));
    }

    private static byte[] ReadKey(string file)
    {
        try
        {
            var key = new byte[32];
            return Convert.TryFromBase64String(File.ReadAllText(file).Trim(), key, out var length) && length == 32
                ? key
                : throw new UsageException($"--key-file: {file} holds no key. `sojourn party relay-key` tells one.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--key-file: {refused.Message}", refused);
        }
    }

    private static void Tell(Call call, string what, string sentence)
    {
        if (call.Json)
            call.JsonLine(new { what, sentence });
        else
            call.Say(sentence);
    }
}
