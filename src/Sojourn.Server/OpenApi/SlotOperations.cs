using System.Text.Json.Nodes;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Explorer.Saves;
using Sojourn.Server.Explorer;

namespace Sojourn.Server.OpenApi;

/// <summary>What can be asked of the save slots of games.</summary>
internal sealed class SlotOperations(Schemas schemas)
{
    private const string Tag = ExplorerKind.KindName;
    private const string Session = $"/v1/{Tag}/{{id}}";
    private const string Slot = $"{Session}/slots/{{slot}}";

    private readonly JsonObject _slot = schemas.AddAnswer("save-slot", typeof(SlotView));
    private readonly JsonObject _file = schemas.Add("save-file", File());

    public IEnumerable<Operation> All() =>
    [
        new("get", $"{Session}/slots", $"{Tag}.slots", "Lists the game's save slots, empty ones too")
        {
            Tag = Tag,
            Description = "An automatic save that is due is written first.",
            Parameters = ["owner"],
            Outcomes = [new(200, "The slots.") { Json = schemas.AddAnswer("save-slots", typeof(SlotList)) }],
            Problems = [422],
        },
        Save(),
        Load(),
        new("delete", Slot, $"{Tag}.slots.remove", "Empties a slot")
        {
            Tag = Tag,
            Description = "Slot 0 only once its game is gone.",
            Parameters = ["owner", "if-match"],
            Outcomes = [new(204, "It is empty.")],
            Problems = [409, 412, 422],
        },
        new("post", $"{Slot}/restore", $"{Tag}.slots.restore", "Brings back a slot whose record is damaged")
        {
            Tag = Tag,
            Description = "With its newest good state. A slot that can be read stays as it is.",
            Parameters = ["owner"],
            Outcomes = [Written()],
            Problems = [422],
        },
        new("get", $"{Slot}/export", $"{Tag}.slots.export", "Downloads a save as a signed file")
        {
            Tag = Tag,
            Parameters = ["owner"],
            OwnParameters =
            [
                SharedParts.Query("generation", "Which of the slot's saves.", new()
                {
                    ["type"] = "string",
                    ["enum"] = new JsonArray("current", "previous"),
                    ["default"] = "current",
                }),
            ],
            Outcomes = [new(200, "The file.") { Json = Copy(_file) }],
            Problems = [422],
        },
        Import(),
        new("post", $"/v1/{Tag}/save-all", $"{Tag}.save-all", "Saves games to their automatic slots")
        {
            Tag = Tag,
            Description = $"{SlotEndpoints.MostAtOnce} games a request, newest first; `next` goes on. One that is over "
                + "is not saved.",
            Parameters = ["owner", "cursor"],
            Outcomes = [new(200, "What came of each.") { Json = schemas.AddAnswer("all-saved", typeof(AllSaved)) }],
        },
    ];

    private Operation Save() => new("put", Slot, $"{Tag}.slots.save", "Saves the game as it stands")
    {
        Tag = Tag,
        Description = "What was in the slot stays as its previous save. `If-Match` is about the slot's version.",
        Parameters = ["owner", "if-match", "idempotency-key"],
        Outcomes = [Written()],
        Problems = [409, 412, 422],
    };

    private Operation Load() => new("post", $"{Slot}/load", $"{Tag}.slots.load", "Takes a save up as the game")
    {
        Tag = Tag,
        Description = "A fight that was on is on again. A game that is gone begins anew with it. `If-Match` is about "
            + "the game's version.",
        Parameters = ["owner", "if-match", "idempotency-key"],
        Body = schemas.AddRequest("load-slot", typeof(LoadSlot)),
        Outcomes = [Taken()],
        Problems = [409, 412, 413, 415, 422],
    };

    private Operation Import() => new("post", $"{Session}/import", $"{Tag}.import", "Takes an exported save in")
    {
        Tag = Tag,
        Description = "As the game, or, with `slot`, into a slot. The file must be as it was exported, byte for byte.",
        Parameters = ["owner", "if-match", "idempotency-key"],
        OwnParameters =
        [
            SharedParts.Query("slot", "The slot to put it in; without it, it becomes the game.", new()
            {
                ["type"] = "integer",
                ["minimum"] = 1,
            }),
        ],
        Body = Copy(_file),
        Outcomes =
        [
            new(200, "The game, or the slot.", "etag", "idempotent-replayed")
            {
                Json = new() { ["oneOf"] = new JsonArray(Copy(_slot), Schemas.Ref($"{Tag}.session")) },
            },
        ],
        Problems = [409, 412, 413, 415, 422],
    };

    private Outcome Written() => new(200, "The slot.", "etag", "idempotent-replayed") { Json = Copy(_slot) };

    private static Outcome Taken() =>
        new(200, "The game.", "etag", "idempotent-replayed") { Json = Schemas.Ref($"{Tag}.session") };

    private static JsonObject File() => SharedSchemas.Members(
        ("format", new() { ["const"] = "sojourn-explorer-save" }),
        ("version", new() { ["type"] = "integer", ["description"] = "Of the format." }),
        ("exportedAt", SharedSchemas.Time("When it was exported.")),
        ("key", SharedSchemas.Text("Names the key that it is signed with.")),
        ("metadata", new() { ["type"] = "object", ["description"] = "What it is about." }),
        ("game", SharedSchemas.Text("The game.")),
        ("signature", SharedSchemas.Text("HMAC-SHA-256 of all bytes before this member.")));

    private static JsonObject Copy(JsonObject schema) => (JsonObject)schema.DeepClone();
}
