using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Sojourn.Server.Guarding;
using Sojourn.Server.Json;
using Sojourn.Server.Keys;
using Sojourn.Server.Problems;
using Sojourn.Server.Requests;

namespace Sojourn.Server.Operating;

/// <summary>
/// What an operator does to the whole store: back up, verify, clean up. One at a time, since each reads or writes much,
/// and for an hour at most; it ends early when whoever asked goes away.
/// </summary>
internal sealed class OperatorEndpoints(
    SojournEngine engine, SojournServerOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>How long one of them may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>How many findings a verification or backup tells; it counts them all.</summary>
    public const int MostTold = 1_000;

    private int _isAtWork;

    public async ValueTask<HttpProblem?> BackUpAsync(HttpContext context, Caller caller)
    {
        if (options.BackupDirectory is not { } place)
        {
            return new(ProblemTypes.Refused, "This server has no directory for backups. Configure one.")
            {
                Code = "no-backup-directory",
            };
        }

        var body = await RequestBody.ReadAsync(context.Request, typeof(NewBackup), options.MaxBodyBytes);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var name = ((NewBackup)body.Value!).Name
            ?? time.GetUtcNow().ToString("'backup-'yyyyMMdd'-'HHmmss", CultureInfo.InvariantCulture);
        if (!NewBackup.IsName(name))
        {
            return new(ProblemTypes.Invalid, NewBackup.NameRule) { Field = "name", Code = "out-of-range" };
        }

        var directory = Path.Combine(place, name);
        return Path.Exists(directory)
            ? new(ProblemTypes.AlreadyExists, $"There is a backup '{name}' already. Choose another name.")
            : await AloneAsync(context, async stop =>
            {
                Directory.CreateDirectory(place);
                var report = await engine.BackupAsync(directory, stop);
                context.Response.StatusCode = StatusCodes.Status201Created;
                await Wire.SendAsync(context.Response, BackupView.Of(name, report));
                return null;
            });
    }

    public ValueTask<HttpProblem?> VerifyAsync(HttpContext context, Caller caller) =>
        AloneAsync(context, async stop =>
        {
            var check = await engine.CheckAsync(stop);
            await Wire.SendAsync(context.Response, VerifyView.Of(check));
            return null;
        });

    public async ValueTask<HttpProblem?> CleanUpAsync(HttpContext context, Caller caller)
    {
        var body = await RequestBody.ReadAsync(context.Request, typeof(CleanUp), options.MaxBodyBytes);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        var asked = (CleanUp)body.Value!;
        IReadOnlyList<KindDescription> kinds = [.. KeyKind.Others(engine)];
        if (asked.Kind is { } name)
        {
            if (Route.FindKind(name, engine, out var kind) is { } unknown)
            {
                return unknown;
            }

            kinds = [kind];
        }

        return asked.FindFault(kinds) is var (field, says)
            ? new(ProblemTypes.Invalid, says) { Field = field, Code = "out-of-range" }
            : await AloneAsync(context, stop => CleanUpAsync(context, asked, kinds, stop));
    }

    private async ValueTask<HttpProblem?> CleanUpAsync(
        HttpContext context, CleanUp asked, IReadOnlyList<KindDescription> kinds, CancellationToken stop)
    {
        OwnerId? owner = asked.Owner is { } text ? OwnerId.Parse(text) : null;
        var (taken, removed) = (0, 0);
        foreach (var kind in kinds.TakeWhile(_ => taken < asked.Limit))
        {
            // What is busy is at work, and not for a broom.
            var idle = asked.Where.ToQuery(kind.Name, owner) with { IsBusy = false };
            var sessions = engine.SelectAsync(idle, stop).Take(asked.Limit - taken);
            await foreach (var result in engine.RemoveManyAsync(sessions, idle, stop))
            {
                // Gone by itself in the meantime is as good; what has changed meanwhile, or cannot be read, stays.
                if (result.Answer.Problem is { } problem && !result.IsSkipped)
                {
                    return HttpProblem.Of(problem);
                }

                taken++;
                removed += result.Answer.IsAccepted ? 1 : 0;
            }
        }

        await Wire.SendAsync(context.Response, new CleanUpView(removed, taken >= asked.Limit));
        return null;
    }

    private async ValueTask<HttpProblem?> AloneAsync(
        HttpContext context, Func<CancellationToken, ValueTask<HttpProblem?>> workAsync)
    {
        if (Interlocked.Exchange(ref _isAtWork, 1) == 1)
        {
            return new(ProblemTypes.Overloaded,
                "A backup, a verification or a clean-up is under way. Try again when it is done.")
            {
                RetryAfterSeconds = 30,
            };
        }

        using var late = new CancellationTokenSource(Longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping, late.Token);
        try
        {
            return await workAsync(stop.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return new(HttpProblemTypes.TookTooLong, $"It was broken off after {Longest.TotalMinutes:0} minutes.");
        }
        catch (SojournException no) when (no.Problem is null)
        {
            return new(ProblemTypes.Refused, no.Message) { Code = "not-possible" };
        }
        finally
        {
            Volatile.Write(ref _isAtWork, 0);
        }
    }
}
