using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sojourn.Client;

/// <summary>How bodies are written and answers read.</summary>
internal static class ClientJson
{
    /// <summary>
    /// The server's own records. camelCase; what must be there is there, what this version does not know is no error.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Create(strict: true);

    /// <summary>
    /// The records of a kind. Nulls are written, since a member without a default must be sent; and may be missing,
    /// since the server leaves them out.
    /// </summary>
    public static JsonSerializerOptions OfKinds { get; } = Create(strict: false);

    private static JsonSerializerOptions Create(bool strict)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            RespectRequiredConstructorParameters = strict,
            RespectNullableAnnotations = strict,
            DefaultIgnoreCondition = strict ? JsonIgnoreCondition.WhenWritingNull : JsonIgnoreCondition.Never,
            NumberHandling = JsonNumberHandling.Strict,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
