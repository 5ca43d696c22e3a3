using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sojourn.Kinds.Agents;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Generation;
using Sojourn.Kinds.Parties;
using Sojourn.Kinds.Play;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Kinds.Streams;
using Sojourn.Models;
using Sojourn.Server;
using Sojourn.Server.Parties;

namespace Sojourn.Cli;

/// <summary>
/// Reads the file of <c>--config</c>. Whatever it says that nobody understands is an error: a setting that is misspelt
/// and silently left out is found too late. All faults are told at once.
/// </summary>
internal sealed class ServeConfig
{
    private static readonly JsonDocumentOptions ForPeople = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    private const string ModelSection = "Model";

    private readonly ServeOptions _options = new();
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, Dictionary<string, Func<JsonElement, string?>>> _sections;

    private ServeConfig()
    {
        var (server, generation) = (_options.Server, _options.Generation);
        _sections = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Server"] = new(StringComparer.OrdinalIgnoreCase)
            {
                [nameof(SojournServerOptions.AllowedHosts)] = Texts(hosts => server.AllowedHosts = hosts),
                [nameof(SojournServerOptions.BackupDirectory)] = Text(path => server.BackupDirectory = path),
                [nameof(SojournServerOptions.MaxBodyBytes)] = Whole(bytes => server.MaxBodyBytes = bytes),
                [nameof(SojournServerOptions.Heartbeat)] = Time(time => server.Heartbeat = time),
                [nameof(SojournServerOptions.RequestsPerSecond)] = Whole(count => server.RequestsPerSecond = count),
                [nameof(SojournServerOptions.RequestBurst)] = Whole(count => server.RequestBurst = count),
                [nameof(SojournServerOptions.MaxConcurrentRequests)] =
                    Whole(count => server.MaxConcurrentRequests = count),
                [nameof(SojournServerOptions.RefusalPause)] = Time(time => server.RefusalPause = time),
                ["Console"] = Truth(serves => server.ServesConsole = serves),
                [nameof(ServeOptions.MaxConnections)] = Whole(count => _options.MaxConnections = count),
                [nameof(ServeOptions.StopGrace)] = Time(time => _options.StopGrace = time),
            },
            ["Generation"] = new(StringComparer.OrdinalIgnoreCase)
            {
                [nameof(GenerationOptions.KeepBusyFor)] = Time(time => generation.KeepBusyFor = time),
                [nameof(GenerationOptions.KeepCompletedFor)] = Time(time => generation.KeepCompletedFor = time),
                [nameof(GenerationOptions.KeepFailedFor)] = Time(time => generation.KeepFailedFor = time),
                [nameof(GenerationOptions.KeepCancelledFor)] = Time(time => generation.KeepCancelledFor = time),
                [nameof(GenerationOptions.StuckAfter)] = Time(time => generation.StuckAfter = time),
                [nameof(GenerationOptions.MaxSessions)] = Whole(count => generation.MaxSessions = count),
                [nameof(GenerationOptions.MaxDriven)] = Whole(count => generation.MaxDriven = count),
                [nameof(GenerationOptions.SceneDelay)] = Time(time => generation.SceneDelay = time),
            },
            ["Explorer"] = ExplorerSettings(_options.Explorer),
            ["Agents"] = AgentSettings(_options.Agents),
            ["Play"] = PlaySettings(_options.Play),
            ["CloudSlots"] = CloudSlotSettings(_options.CloudSlots),
            ["Parties"] = PartySettings(_options),
            ["Streams"] = StreamSettings(server),
            ["Quota"] = QuotaSettings(_options),
            [ModelSection] = ModelSettings(_options.Model),
            ["Logging"] = new(StringComparer.OrdinalIgnoreCase)
            {
                ["Level"] = OneOf<LogLevel>(level => _options.LogLevel = level),
            },
        };
    }

    private static Dictionary<string, Func<JsonElement, string?>> ExplorerSettings(ExplorerOptions explorer) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(ExplorerOptions.MaxGames)] = Whole(n => explorer.MaxGames = n),
            [nameof(ExplorerOptions.PassivateAfter)] = Time(time => explorer.PassivateAfter = time),
            [nameof(ExplorerOptions.KeepEndedFor)] = Time(time => explorer.KeepEndedFor = time),
            [nameof(ExplorerOptions.SaveSlots)] = Whole(n => explorer.SaveSlots = n),
            [nameof(ExplorerOptions.RuleSets)] = Records<RuleSet>(sets => explorer.RuleSets = sets),
        };

    private static Dictionary<string, Func<JsonElement, string?>> AgentSettings(AgentOptions agents) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(AgentOptions.Profiles)] = Records<AgentProfile>(profiles => agents.Profiles = profiles),
            [nameof(AgentOptions.UseDefaultProfiles)] = Truth(uses => agents.UseDefaultProfiles = uses),
            [nameof(AgentOptions.MaxSessions)] = Whole(n => agents.MaxSessions = n),
            [nameof(AgentOptions.MaxProcesses)] = Whole(n => agents.MaxProcesses = n),
            [nameof(AgentOptions.MaxProcessesPerOwner)] = Whole(n => agents.MaxProcessesPerOwner = n),
            [nameof(AgentOptions.MinFreeMemory)] = Amount(n => agents.MinFreeMemory = (long)n),
            [nameof(AgentOptions.HibernateAfter)] = Time(time => agents.HibernateAfter = time),
            [nameof(AgentOptions.KeepEndedFor)] = Time(time => agents.KeepEndedFor = time),
            [nameof(AgentOptions.MaxQueuedPrompts)] = Whole(n => agents.MaxQueuedPrompts = n),
            [nameof(AgentOptions.MaxQueuedPromptBytes)] = Amount(n => agents.MaxQueuedPromptBytes = (long)n),
            [nameof(AgentOptions.MaxLogBytes)] = Amount(n => agents.MaxLogBytes = (long)n),
            [nameof(AgentOptions.MaxOutputBytes)] = Amount(n => agents.MaxOutputBytes = (long)n),
            [nameof(AgentOptions.OutputBytesPerSecond)] = Amount(n => agents.OutputBytesPerSecond = (long)n),
            [nameof(AgentOptions.Scrollback)] = Whole(n => agents.Scrollback = n),
        };

    private static Dictionary<string, Func<JsonElement, string?>> CloudSlotSettings(CloudSlotOptions slots) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(CloudSlotOptions.NumberedSlots)] = Whole(n => slots.NumberedSlots = n),
            [nameof(CloudSlotOptions.MaxSaveBytes)] = Whole(n => slots.MaxSaveBytes = n),
            [nameof(CloudSlotOptions.MaxScreenshotBytes)] = Whole(n => slots.MaxScreenshotBytes = n),
            [nameof(CloudSlotOptions.OlderGenerations)] = Whole(n => slots.OlderGenerations = n),
            [nameof(CloudSlotOptions.MaxBytesPerOwner)] = Amount(n => slots.MaxBytesPerOwner = (long)n),
            [nameof(CloudSlotOptions.MaxSlotsPerOwner)] = Whole(n => slots.MaxSlotsPerOwner = n),
            [nameof(CloudSlotOptions.MaxUploadsPerOwner)] = Whole(n => slots.MaxUploadsPerOwner = n),
            [nameof(CloudSlotOptions.MaxUploads)] = Whole(n => slots.MaxUploads = n),
            [nameof(CloudSlotOptions.MaxDownloadsPerOwner)] = Whole(n => slots.MaxDownloadsPerOwner = n),
            [nameof(CloudSlotOptions.MaxDownloads)] = Whole(n => slots.MaxDownloads = n),
        };

    private static Dictionary<string, Func<JsonElement, string?>> PlaySettings(PlayOptions play) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(PlayOptions.MaxSessions)] = Whole(n => play.MaxSessions = n),
            [nameof(PlayOptions.SilentAfter)] = Time(time => play.SilentAfter = time),
            [nameof(PlayOptions.OfferFor)] = Time(time => play.OfferFor = time),
            [nameof(PlayOptions.ShortestInterval)] = Time(time => play.ShortestInterval = time),
            [nameof(PlayOptions.KeepEndedFor)] = Time(time => play.KeepEndedFor = time),
            [nameof(PlayOptions.KeepArchivedFor)] = Time(time => play.KeepArchivedFor = time),
        };

    private static Dictionary<string, Func<JsonElement, string?>> PartySettings(ServeOptions options) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(PartyOptions.SilentAfter)] = Time(time => options.Parties.SilentAfter = time),
            [nameof(PartyOptions.EmptyFor)] = Time(time => options.Parties.EmptyFor = time),
            [nameof(PartyOptions.KeepEndedFor)] = Time(time => options.Parties.KeepEndedFor = time),
            [nameof(PartyOptions.WriteBehindDelay)] = Time(time => options.Parties.WriteBehindDelay = time),
            [nameof(PartyOptions.MaxSessions)] = Whole(n => options.Parties.MaxSessions = n),
            [nameof(PartyServerOptions.UdpAddresses)] = Addresses(all => options.Server.Parties.UdpAddresses = all),
            [nameof(PartyServerOptions.UdpPort)] = Whole(n => options.PartyPort = n),
            [nameof(PartyServerOptions.RelayBytesPerSecond)] =
                Amount(n => options.Server.Parties.RelayBytesPerSecond = (double)n),
            [nameof(PartyServerOptions.RelayBytesPerDay)] =
                Amount(n => options.Server.Parties.RelayBytesPerDay = (double)n),
            [nameof(PartyServerOptions.RelayBindings)] = Whole(n => options.Server.Parties.RelayBindings = n),
            [nameof(PartyServerOptions.AnswersLan)] = Truth(yes => options.Server.Parties.AnswersLan = yes),
            [nameof(PartyServerOptions.LanPort)] = Whole(n => options.Server.Parties.LanPort = n),
        };

    private static Dictionary<string, Func<JsonElement, string?>> StreamSettings(SojournServerOptions server) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(StreamOptions.MaxStreams)] = Whole(n => server.Streams.MaxStreams = n),
            [nameof(StreamOptions.MaxStreamsPerOwner)] = Whole(n => server.Streams.MaxStreamsPerOwner = n),
            [nameof(StreamOptions.MaxAppendBytes)] = Whole(n => server.Streams.MaxAppendBytes = n),
            [nameof(StreamOptions.MaxMessages)] = Whole(n => server.Streams.MaxMessages = n),
            [nameof(StreamOptions.MaxReaders)] = Whole(n => server.Streams.MaxReaders = n),
            [nameof(StreamOptions.RetainedEntries)] = Whole(n => server.Streams.RetainedEntries = n),
            [nameof(StreamOptions.RetainedBytes)] = Amount(n => server.Streams.RetainedBytes = (long)n),
            [nameof(StreamOptions.RetainedFor)] = Time(time => server.Streams.RetainedFor = time),
            [nameof(SojournServerOptions.StreamsPath)] = Text(path => server.StreamsPath = path),
            [nameof(SojournServerOptions.LongPollTimeout)] = Time(time => server.LongPollTimeout = time),
            [nameof(SojournServerOptions.SseLifetime)] = Time(time => server.SseLifetime = time),
        };

    private static Dictionary<string, Func<JsonElement, string?>> QuotaSettings(ServeOptions options) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(OwnerQuota.MaxSessions)] = Whole(n => options.Quota = options.Quota with { MaxSessions = n }),
            [nameof(OwnerQuota.MaxBytes)] = Amount(n => options.Quota = options.Quota with { MaxBytes = (long)n }),
            [nameof(OwnerQuota.CommandsPerSecond)] =
                Amount(n => options.Quota = options.Quota with { CommandsPerSecond = (double)n }),
            [nameof(OwnerQuota.Burst)] = Whole(n => options.Quota = options.Quota with { Burst = n }),
            [nameof(OwnerQuota.MaxStreams)] = Whole(n => options.Quota = options.Quota with { MaxStreams = n }),
        };

    private static Dictionary<string, Func<JsonElement, string?>> ModelSettings(ModelOptions model) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(ModelOptions.BaseUrl)] = Text(url => model.BaseUrl = url),
            [nameof(ModelOptions.TextModel)] = Text(name => model.TextModel = name),
            [nameof(ModelOptions.ImageModel)] = Text(name => model.ImageModel = name),
            [nameof(ModelOptions.ImageSize)] = Text(size => model.ImageSize = size),
            [nameof(ModelOptions.KeyVariable)] = Text(name => model.KeyVariable = name),
            [nameof(ModelOptions.KeyFile)] = Text(file => model.KeyFile = file),
            [nameof(ModelOptions.CallTimeout)] = Time(time => model.CallTimeout = time),
            [nameof(ModelOptions.Retries)] = Whole(count => model.Retries = count),
            [nameof(ModelOptions.MaxConcurrent)] = Whole(count => model.MaxConcurrent = count),
            [nameof(ModelOptions.MaxOutputTokens)] = Whole(count => model.MaxOutputTokens = count),
            [nameof(ModelOptions.MaxPictureBytes)] = Whole(bytes => model.MaxPictureBytes = bytes),
            [nameof(ModelOptions.MaxTokens)] = Whole(count => model.MaxTokens = count),
            [nameof(ModelOptions.MaxCost)] = Amount(cost => model.MaxCost = cost),
            [nameof(ModelOptions.InputPrice)] = Amount(price => model.InputPrice = price),
            [nameof(ModelOptions.OutputPrice)] = Amount(price => model.OutputPrice = price),
            [nameof(ModelOptions.PicturePrice)] = Amount(price => model.PicturePrice = price),
            [nameof(ModelOptions.Fallback)] = OneOf<ModelFallback>(fallback => model.Fallback = fallback),
        };

    /// <param name="file">The file; null for the defaults alone.</param>
    /// <exception cref="UsageException">It cannot be used; the message names all that is wrong.</exception>
    public static ServeOptions Read(string? file)
    {
        var config = new ServeConfig();
        if (file is not null)
        {
            config.Take(file);
        }

        config._faults.AddRange(config._options.Faults());
        return config._faults.Count == 0 ? config._options : throw new UsageException(
            $"{file}: {string.Join(Environment.NewLine + "  ", config._faults)}");
    }

    private void Take(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), ForPeople);
            Take(json.RootElement);
        }
        catch (JsonException broken)
        {
            throw new UsageException(
                $"{file} is not JSON at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.", broken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private void Take(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _faults.Add("the file must hold one JSON object.");
            return;
        }

        foreach (var section in root.EnumerateObject())
        {
            if (!_sections.TryGetValue(section.Name, out var settings))
                _faults.Add($"'{section.Name}' is unknown; there is {string.Join(", ", _sections.Keys)}.");
            else if (section.Value.ValueKind != JsonValueKind.Object)
                _faults.Add($"'{section.Name}' must be a JSON object.");
            else
                Take(section.Name, section.Value, settings);
        }
    }

    private void Take(string section, JsonElement values, Dictionary<string, Func<JsonElement, string?>> settings)
    {
        // That the section is there is the choice; an empty one is told what it lacks.
        _options.UsesModel |= section.Equals(ModelSection, StringComparison.OrdinalIgnoreCase);
        foreach (var member in values.EnumerateObject())
        {
            if (!settings.TryGetValue(member.Name, out var take))
                _faults.Add($"'{section}:{member.Name}' is unknown; there is {string.Join(", ", settings.Keys)}.");
            else if (take(member.Value) is { } expected)
                _faults.Add($"'{section}:{member.Name}' must be {expected}.");
        }
    }

    // Each takes a value, or says what it should have been.
    private static Func<JsonElement, string?> Whole(Action<int> set) => value =>
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
            return "a whole number";

        set(number);
        return null;
    };

    private static Func<JsonElement, string?> Truth(Action<bool> set) => value =>
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return "true or false";

        set(value.GetBoolean());
        return null;
    };

    private static Func<JsonElement, string?> Amount(Action<decimal> set) => value =>
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number))
            return "a number";

        set(number);
        return null;
    };

    private static Func<JsonElement, string?> Text(Action<string> set) => value =>
    {
        if (value.ValueKind != JsonValueKind.String)
            return "a text";

        set(value.GetString()!);
        return null;
    };

    private static Func<JsonElement, string?> Time(Action<TimeSpan> set) => value =>
    {
        if (!TryParseTime(value, out var time))
            return "a time such as \"250ms\", \"15s\", \"30min\", \"6h\" or \"2d\"";

        set(time);
        return null;
    };

    private static Func<JsonElement, string?> Texts(Action<IList<string>> set) => value =>
    {
        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
            return "a list of texts";

        set([.. value.EnumerateArray().Select(each => each.GetString()!)]);
        return null;
    };

    private static Func<JsonElement, string?> Addresses(Action<IReadOnlyList<IPAddress>> set) => value =>
    {
        IPAddress?[] all = value.ValueKind != JsonValueKind.Array ? [null]
            : [.. value.EnumerateArray().Select(each => IPAddress.TryParse(each.ToString(), out var one) ? one : null)];
        if (all.Any(one => one is null))
            return "a list of IP addresses";

        set([.. all.OfType<IPAddress>()]);
        return null;
    };

    private static Func<JsonElement, string?> Records<T>(Action<IReadOnlyList<T>> set)
        where T : class => value =>
    {
        var names = string.Join(", ", typeof(T).GetProperties().Select(each => each.Name));
        var expected = $"a list of JSON objects with some of {names}";
        try
        {
            if (value.Deserialize<IReadOnlyList<T?>>(SojournJson.Options) is not { } all || all.Any(one => one is null))
                return expected;

            set([.. all.OfType<T>()]);
            return null;
        }
        catch (JsonException fault)
        {
            return $"{expected}; see {fault.Path}";
        }
    };

    private static Func<JsonElement, string?> OneOf<T>(Action<T> set)
        where T : struct, Enum => value =>
    {
        var isOne = Enum.TryParse<T>(value.ToString(), ignoreCase: true, out var one);
        if (value.ValueKind != JsonValueKind.String || !isOne || !Enum.IsDefined(one))
            return $"one of {string.Join(", ", Enum.GetNames<T>())}";

        set(one);
        return null;
    };

    private static bool TryParseTime(JsonElement value, out TimeSpan time)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        // Or the constant form, as .NET writes times: 00:30:00. It knows no hour 24, so "24:00:00" is no 24 days.
        return Duration.TryParse(text, out time)
            || TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out time);
    }
}
