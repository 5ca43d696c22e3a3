using System.CommandLine;

namespace Sojourn.Cli.Verbs;

using Sojourn.Client;

/// <summary>The options by which a verb says which sessions are meant. All that are given must hold.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> _status =
        new("--status") { Description = "Only those in this status", HelpName = "STATUS" };

    private readonly Option<string[]> _labels = new("--label")
    {
        Description = "Only those with this label; may be given several times",
        HelpName = "NAME:VALUE",
    };

    private readonly Option<string?> _text = new("--text")
    {
        Description = "Only those whose id, or one of whose labels' values, contains this",
        HelpName = "TEXT",
    };

    private readonly Option<TimeSpan?> _olderThan = Age("--older-than", "Only those that began before so long");
    private readonly Option<TimeSpan?> _idleFor = Age("--idle-for", "Only those without a step for so long");
    private readonly Option<TimeSpan?> _statusFor = Age("--status-for", "Only those in their status for so long");
    private readonly Option<bool?> _busy = Truth("--busy", "Only busy ones; with `false`, only others");
    private readonly Option<bool?> _final = Truth("--final", "Only those that have ended; with `false`, only others");

    private readonly Option<bool> _damaged =
        new("--damaged") { Description = "Only those whose record is damaged" };

    public void AddTo(Command verb)
    {
        foreach (var option in All())
            verb.Add(option);
        _labels.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf(':', StringComparison.Ordinal) <= 0))
                result.AddError($"--label: '{token.Value}' is not NAME:VALUE.");
        });
    }

    /// <summary>True if any of them is given.</summary>
    public bool AreGiven(ParseResult parse) => All().Any(option => parse.GetResult(option) is { Implicit: false });

    /// <param name="parse">What was typed.</param>
    /// <param name="now">What ages are counted back from.</param>
    public SessionFilter Read(ParseResult parse, DateTimeOffset now)
    {
        var labels = parse.GetValue(_labels) is { Length: > 0 } given ? given : null;
        return new SessionFilter
        {
            Status = parse.GetValue(_status),
            Labels = labels?.Select(label => label.Split(':', 2)).GroupBy(label => label[0], StringComparer.Ordinal)
                .ToDictionary(label => label.Key, label => label.Last()[1], StringComparer.Ordinal),
            Text = parse.GetValue(_text),
            CreatedBefore = now - parse.GetValue(_olderThan),
            ActiveBefore = now - parse.GetValue(_idleFor),
            StatusBefore = now - parse.GetValue(_statusFor),
            Busy = parse.GetValue(_busy),
            Final = parse.GetValue(_final),
            Damaged = parse.GetValue(_damaged),
        };
    }

    private IEnumerable<Option> All() =>
        [_status, _labels, _text, _olderThan, _idleFor, _statusFor, _busy, _final, _damaged];

    private static Option<bool?> Truth(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "true|false",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 || Read(result.Tokens[0].Value, result.AddError, name),
    };

    private static bool Read(string text, Action<string> refuse, string name)
    {
        if (text is not ("true" or "false"))
            refuse($"{name} takes true or false, not '{text}'.");
        return text == "true";
    }

    private static Option<TimeSpan?> Age(string name, string description) => new(name)
    {
        Description = description + ", such as 90min, 12h or 30d",
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (!Duration.TryParse(result.Tokens[0].Value, out var time))
                result.AddError($"{name} must be a time such as 90min, 12h or 30d.");
            return time;
        },
    };
}
