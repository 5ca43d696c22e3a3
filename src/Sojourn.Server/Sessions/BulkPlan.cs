using Sojourn.Server.Problems;
using Sojourn.Server.Requests;
using Sojourn.Stores;

namespace Sojourn.Server.Sessions;

/// <summary>
/// A bulk request that was understood whole: nothing is begun before every word of it is known to be good.
/// </summary>
internal sealed record BulkPlan
{
    /// <summary>Which sessions; null if <see cref="Where"/> says so.</summary>
    public IReadOnlyList<SessionKey>? Sessions { get; private init; }

    public SessionQuery? Where { get; private init; }

    /// <summary>What is asked of each; null to remove them.</summary>
    public object? Command { get; private init; }

    /// <summary>What a reply is written as; null to remove them.</summary>
    public CommandDescription? Description { get; private init; }

    public static HttpProblem? Read(BulkRequest asked, KindDescription kind, OwnerId owner, out BulkPlan plan)
    {
        plan = new BulkPlan();
        return ReadSessions(asked, kind, owner, ref plan) ?? ReadCommand(asked, kind, ref plan);
    }

    private static HttpProblem? ReadSessions(BulkRequest asked, KindDescription kind, OwnerId owner, ref BulkPlan plan)
    {
        var isAll = asked is { All: true, Ids: null, Where: null or { IsEmpty: true } };
        if (!isAll && (asked.All || asked.Ids is null == asked.Where is null))
        {
            return Invalid("ids", "Give either 'ids', 'where' or '\"all\": true', to say which sessions are meant.");
        }

        // A filter that lost its last word on the way must not become an order for everything.
        if (!isAll && asked.Where is { IsEmpty: true })
        {
            return Invalid("where", "'where' asks for nothing, and so for every session there is. Say which are meant, "
                + "or '\"all\": true' if it is all of them.");
        }

        if (asked.Ids is null)
        {
            var where = asked.Where ?? new SessionFilter();
            plan = plan with { Where = where.ToQuery(kind.Name, owner) };
            return where.FindFault([kind]) is var (field, says) ? Invalid($"where.{field}", says) : null;
        }

        var ids = asked.Ids!;
        if (ids.Count > BulkRequest.MostIds)
        {
            return Invalid("ids", $"'ids' holds {ids.Count:N0} ids; it takes at most {BulkRequest.MostIds:N0}.");
        }

        var sessions = new List<SessionKey>(ids.Count);
        var seen = new HashSet<SessionId>();
        foreach (var (index, text) in ids.Index())
        {
            if (!SessionId.TryParse(text, out var id))
            {
                return Route.BadId() with { Field = $"ids[{index}]" };
            }

            if (!seen.Add(id))
            {
                return Invalid($"ids[{index}]", $"'{id}' stands in 'ids' twice; once is enough.");
            }

            sessions.Add(new SessionKey(kind.Name, owner, id));
        }

        plan = plan with { Sessions = sessions };
        return null;
    }

    private static HttpProblem? ReadCommand(BulkRequest asked, KindDescription kind, ref BulkPlan plan)
    {
        if (asked.Command == BulkRequest.Remove)
        {
            return asked.Parameters is null ? null : Invalid("parameters", "A removal takes no 'parameters'.");
        }

        if (Route.FindCommand(asked.Command, kind, out var command) is { } unknown)
        {
            return unknown;
        }

        var parameters = RequestBody.Read(asked.Parameters, command.CommandType);
        plan = plan with { Command = parameters.Value, Description = command };
        return parameters.Problem is { } problem
            ? problem with { Field = problem.Field is { } field ? $"parameters.{field}" : "parameters" } : null;
    }

    private static HttpProblem Invalid(string field, string says) =>
        new(ProblemTypes.Invalid, says) { Field = field, Code = "out-of-range" };
}
