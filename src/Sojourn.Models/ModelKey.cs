using System.ClientModel;
using System.ClientModel.Primitives;

namespace Sojourn.Models;

/// <summary>
/// The key for the model's server. It leaves this object as the header of a request and in no other way.
/// </summary>
internal sealed class ModelKey
{
    private const int Longest = 4_096;

    private readonly string? _value;

    private ModelKey(string? value, string source) => (_value, Source) = (value, source);

    /// <summary>Where it was read from, for sentences about it.</summary>
    public string Source { get; }

    public bool IsThere => _value is not null;

    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => IsThere ? $"the key in {Source}" : "no key";

    /// <summary>Puts the key on requests; without one, requests go as they are.</summary>
    public AuthenticationPolicy ToPolicy() => _value is null
        ? new NoKeyPolicy()
        : ApiKeyAuthenticationPolicy.CreateBearerAuthorizationPolicy(new ApiKeyCredential(_value));

    /// <summary>Takes the key out of what a server said: some repeat it when they refuse it.</summary>
    public string Scrub(string text) =>
        _value is null ? text : text.Replace(_value, "(the key)", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the key that the options name.</summary>
    /// <returns>What is wrong; nothing if all is well.</returns>
    public static IEnumerable<string> Read(ModelOptions options, out ModelKey key)
    {
        key = new ModelKey(null, "nowhere");
        if (options is { KeyVariable: not null, KeyFile: not null })
        {
            return [$"Give {nameof(ModelOptions.KeyVariable)} or {nameof(ModelOptions.KeyFile)}, not both."];
        }

        if (options is { KeyVariable: null, KeyFile: null })
        {
            return [];
        }

        var source = options.KeyVariable is { } variable ? $"the variable {variable}" : $"the file {options.KeyFile}";
        var fault = TryRead(options, out var value);
        fault ??= IsKey(value) ? null
            : $"must hold a key: at most {Longest} printable ASCII characters in one line, and no placeholder.";
        if (fault is not null)
        {
            return [$"{char.ToUpperInvariant(source[0])}{source[1..]} {fault}"];
        }

        key = new ModelKey(value, source);
        return [];
    }

    private static string? TryRead(ModelOptions options, out string? value)
    {
        value = null;
        if (options.KeyVariable is { } variable)
        {
            value = variable.Length == 0 ? null : Environment.GetEnvironmentVariable(variable)?.Trim();
            return string.IsNullOrEmpty(value) ? "is not set; put the key into it." : null;
        }

        try
        {
            // A file that somebody named by mistake may be of any size.
            using var file = File.OpenText(options.KeyFile!);
            var start = new char[Longest + 2];
            value = new string(start, 0, file.ReadBlock(start)).Trim();
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"cannot be read: {refused.Message}";
        }
    }

    // Examples say "your_api_key"; somebody who has copied one is better told now than by a 401.
    private static bool IsKey(string? value) => value is { Length: > 0 and <= Longest }
        && value.All(c => c is > ' ' and <= '~')
        && !value.StartsWith("your_", StringComparison.OrdinalIgnoreCase)
        && !value.StartsWith("your-", StringComparison.OrdinalIgnoreCase);

    private sealed class NoKeyPolicy : AuthenticationPolicy
    {
        public override void Process(
            PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNext(message, pipeline, currentIndex);

        public override ValueTask ProcessAsync(
            PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNextAsync(message, pipeline, currentIndex);
    }
}
