using System.Text.Json.Nodes;
using Sojourn.Server.Play;

namespace Sojourn.Server.OpenApi;

/// <summary>What can be asked of the slots of games that are kept on this server.</summary>
internal sealed class CloudSlotOperations(Schemas schemas)
{
    public const string Tag = "play-slots";

    private const string Slot = $"/v1/{Tag}/{{game}}/{{saveSlot}}";

    private static readonly JsonObject Generation = SharedParts.Query(
        "generation", "Which of the slot's saves; the newest if it is left out.", new()
        {
            ["type"] = "integer",
            ["minimum"] = 1,
        });

    private readonly JsonObject _slot = schemas.AddAnswer("cloud-slot", typeof(CloudSlotView));
    private readonly JsonObject _slots = schemas.AddAnswer("cloud-slots", typeof(CloudSlotsView));

    public IEnumerable<Operation> All() =>
    [
        List($"/v1/{Tag}", "list-all", "Lists the slots of all games that hold something"),
        List($"/v1/{Tag}/{{game}}", "list", "Lists the game's slots that hold something"),
        Download(),
        Upload(),
        new("delete", Slot, $"{Tag}.remove", "Empties a slot, its older saves too")
        {
            Tag = Tag,
            Parameters = ["owner"],
            OwnParameters = [Match("What the slot must hold.")],
            Outcomes = [new(204, "It is empty.")],
            Problems = [409, 422],
        },
        new("get", $"{Slot}/metadata", $"{Tag}.describe", "Tells what a slot holds")
        {
            Tag = Tag,
            Parameters = ["owner"],
            Outcomes = [Shown("The slot.")],
            Problems = [422],
        },
        new("post", $"{Slot}/restore", $"{Tag}.restore", "Makes an older save the newest again")
        {
            Tag = Tag,
            Description = "What was the newest stays as an older one. Without `generation`, brings back a slot whose "
                + "record is damaged.",
            Parameters = ["owner", "idempotency-key"],
            OwnParameters = [Generation.DeepClone().AsObject(), Match("What the slot must hold.")],
            Outcomes = [Shown("The slot.")],
            Problems = [409, 413, 422],
        },
        new("get", $"{Slot}/screenshot", $"{Tag}.screenshot", "Sends a save's picture")
        {
            Tag = Tag,
            Parameters = ["owner", "if-none-match"],
            OwnParameters = [Generation.DeepClone().AsObject()],
            Outcomes = [new(200, "The picture.", "etag") { Media = ["image/png"] }, ServerOperations.Known],
            Problems = [422],
        },
        new("put", $"{Slot}/screenshot", $"{Tag}.attach-screenshot", "Gives the newest save its picture, once")
        {
            Tag = Tag,
            Parameters = ["owner", "idempotency-key"],
            OwnParameters = [Match("What the slot must hold."), Digest()],
            TakesBytes = true,
            Outcomes = [Shown("The slot.")],
            Problems = [409, 413, 422],
        },
    ];

    private Operation List(string path, string id, string summary) => new("get", path, $"{Tag}.{id}", summary)
    {
        Tag = Tag,
        Description = "Those that were saved to last come first. `usage` is of all games together.",
        Parameters = ["owner"],
        Outcomes = [new(200, "The slots.") { Json = _slots.DeepClone().AsObject() }],
        Problems = [422],
    };

    private static Operation Download() => new("get", Slot, $"{Tag}.download", "Downloads a save")
    {
        Tag = Tag,
        Parameters = ["owner", "if-none-match"],
        OwnParameters = [Generation.DeepClone().AsObject()],
        Outcomes =
        [
            new(200, "The bytes, as they were uploaded.", "etag", "content-digest", "save-generation")
            {
                Media = ["application/octet-stream"],
            },
            ServerOperations.Known,
        ],
        Problems = [422],
    };

    private Operation Upload() => new("put", Slot, $"{Tag}.upload", "Uploads a save")
    {
        Tag = Tag,
        Description = "What was in the slot stays as an older save. Either `If-Match`, `If-None-Match: *` or "
            + "`force=true` must be there. If the slot holds another save, the answer is 409 `slot-conflict` with "
            + "both, `yours` and `stored`, and nothing is changed; if it holds the very same bytes, all is well.",
        Parameters = ["owner", "idempotency-key"],
        OwnParameters =
        [
            Match("The ETag of the save that this one goes on from; `*` for any."),
            SharedParts.HeaderOf("If-None-Match", "`*`: the slot must be empty."),
            Digest(),
            SharedParts.Query("force", "True to overwrite whatever there is.", new() { ["type"] = "boolean" }),
            .. CloudDetails.Parameters.Select(each => SharedParts.Query(each.Name, each.Says, TypeOf(each.Type))),
        ],
        TakesBytes = true,
        Outcomes = [Shown("It is stored.")],
        Problems = [409, 413, 422, 428],
    };

    private Outcome Shown(string says) =>
        new(200, says, "etag", "idempotent-replayed") { Json = _slot.DeepClone().AsObject() };

    private static JsonObject Match(string says) => SharedParts.HeaderOf("If-Match", says);

    private static JsonObject Digest() => SharedParts.HeaderOf(
        "Content-Digest", "What the body must come to: `sha-256=:`, Base64, and a colon. Otherwise it is refused.");

    private static JsonObject TypeOf(string type) => type == "date-time"
        ? new() { ["type"] = "string", ["format"] = type } : new() { ["type"] = type };
}
