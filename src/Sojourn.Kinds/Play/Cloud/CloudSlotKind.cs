namespace Sojourn.Kinds.Play.Cloud;

/// <summary>
/// Save slots of games that are kept on a server, a session each, so that one that is damaged takes no other with it.
/// A save and what is known of it are one step: a save that did not arrive whole was never there.
/// </summary>
internal sealed class CloudSlotKind : Kind<CloudSlot>
{
    /// <summary>The kind's name in the store.</summary>
    public const string KindName = "play-save";

    /// <summary>The stream of the saves: the entry's number is the save's generation.</summary>
    public const string Saves = "saves";

    /// <summary>The stream of the pictures.</summary>
    public const string Screenshots = "screenshots";

    /// <summary>Whether it holds a save.</summary>
    public const string Empty = "empty", Kept = "kept";

    /// <summary>Why a change was refused.</summary>
    public const string ConflictCode = "slot-conflict", NoGenerationCode = "no-such-generation",
        HasScreenshotCode = "has-screenshot", EmptyCode = "slot-empty", NoContentCode = "no-content";

    private readonly int _older;

    public CloudSlotKind(CloudSlotOptions options)
        : base(KindName, options.ToPolicy())
    {
        _older = options.OlderGenerations;
        Start<OpenCloudSlot>((open, _) => Go(new CloudSlot(open.Game, open.Slot)));
        On<PutCloudSave, CloudSave>(Put);
        On<RestoreCloudSave, CloudSave>(Restore);
        On<AttachScreenshot, CloudSave>(Attach);
    }

    /// <inheritdoc />
    protected override string StatusOf(CloudSlot state) => state.Newest is null ? Empty : Kept;

    /// <summary>How a slot is once it holds one save more.</summary>
    public static CloudSlot With(CloudSlot slot, CloudSave save, int older) => slot with
    {
        Newest = save,
        Older = [.. slot.All().Take(older)],
        Screenshots = Math.Max(slot.Screenshots, save.Screenshot),
    };

    private Step<CloudSlot, CloudSave> Put(CloudSlot slot, PutCloudSave put, RuleContext context)
    {
        var holds = put.Condition.Holds(slot);
        if (put.Condition != SlotCondition.None && slot.Newest is { } newest && newest.Sha256 == put.Sha256)
        {
            // Both sides have the same save, so that nothing can be lost, and it need not be kept twice. Whoever
            // insists has it stored anew: perhaps what is stored has gone bad.
            return !holds || newest.Details == put.Details
                ? Go(slot).Reply(newest)
                : Told(slot, newest with { Details = put.Details, StoredAt = context.Now });
        }

        return !holds ? Conflict()
            : put.Content.IsEmpty ? Refuse(NoContentCode, "There is nothing to save.")
            : Add(
                slot,
                new CloudSave(
                    NextGeneration(slot, put.Ends), context.Now, put.Content.Length, put.Sha256, put.Details),
                (put.Content, put.Screenshot),
                put.Ends);
    }

    private Step<CloudSlot, CloudSave> Restore(CloudSlot slot, RestoreCloudSave restore, RuleContext context)
    {
        if (!restore.Condition.Holds(slot))
        {
            return Conflict();
        }

        if (slot.Find(restore.Generation) is not { } save || restore.Content.IsEmpty)
        {
            return Refuse(NoGenerationCode, $"Generation {restore.Generation} of this slot is kept no longer.");
        }

        return save == slot.Newest
            ? Go(slot).Reply(save)
            : Add(
                slot,
                new CloudSave(
                    NextGeneration(slot, restore.Ends), context.Now, save.Size, save.Sha256, save.Details)
                {
                    RestoredFrom = save.Generation,
                },
                (restore.Content, restore.Screenshot),
                restore.Ends);
    }

    private static Step<CloudSlot, CloudSave> Attach(CloudSlot slot, AttachScreenshot attach, RuleContext context)
    {
        if (slot.Newest is not { } newest)
        {
            return Refuse(EmptyCode, "The slot is empty; upload a save first.");
        }

        if (!attach.Condition.Holds(slot))
        {
            return Conflict();
        }

        if (newest.Screenshot != 0 || attach.Screenshot.IsEmpty)
        {
            return Refuse(HasScreenshotCode, "The save has its picture already; the next save may have another.");
        }

        var pictured = newest with
        {
            Screenshot = NextScreenshot(slot, attach.Ends),
            ScreenshotSize = attach.Screenshot.Length,
        };
        return Go(slot with { Newest = pictured, Screenshots = pictured.Screenshot })
            .Append(Screenshots, attach.Screenshot).Reply(pictured);
    }

    private Step<CloudSlot, CloudSave> Add(
        CloudSlot slot, CloudSave save, (ReadOnlyMemory<byte> Save, ReadOnlyMemory<byte> Screenshot) bytes,
        SlotEnds ends)
    {
        if (bytes.Screenshot.IsEmpty)
        {
            return Go(With(slot, save, _older)).Append(Saves, bytes.Save).Reply(save);
        }

        var pictured = save with
        {
            Screenshot = NextScreenshot(slot, ends),
            ScreenshotSize = bytes.Screenshot.Length,
        };
        return Go(With(slot, pictured, _older))
            .Append(Saves, bytes.Save).Append(Screenshots, bytes.Screenshot).Reply(pictured);
    }

    private static long NextGeneration(CloudSlot slot, SlotEnds ends) =>
        Math.Max(slot.Newest?.Generation ?? 0, ends.Saves) + 1;

    private static long NextScreenshot(CloudSlot slot, SlotEnds ends) =>
        Math.Max(slot.Screenshots, ends.Screenshots) + 1;

    private static Step<CloudSlot, CloudSave> Told(CloudSlot slot, CloudSave newest) =>
        Go(slot with { Newest = newest }).Reply(newest);

    private static Refusal Conflict() => Refuse(ConflictCode, "The slot holds another save than was expected.");
}
