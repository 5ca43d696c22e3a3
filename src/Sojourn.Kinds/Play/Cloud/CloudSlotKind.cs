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
            : Add(slot, Next(slot, put.Content.Length, put.Sha256, put.Details, context), put.Content, put.Screenshot);
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
                Next(slot, save.Size, save.Sha256, save.Details, context) with { RestoredFrom = save.Generation },
                restore.Content,
                restore.Screenshot);
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

        var pictured = newest with { Screenshot = slot.Screenshots + 1, ScreenshotSize = attach.Screenshot.Length };
        return Go(slot with { Newest = pictured, Screenshots = pictured.Screenshot })
            .Append(Screenshots, attach.Screenshot).Reply(pictured);
    }

    private Step<CloudSlot, CloudSave> Add(
        CloudSlot slot, CloudSave save, ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> screenshot)
    {
        if (screenshot.IsEmpty)
        {
            return Go(With(slot, save, _older)).Append(Saves, content).Reply(save);
        }

        var pictured = save with { Screenshot = slot.Screenshots + 1, ScreenshotSize = screenshot.Length };
        return Go(With(slot, pictured, _older)).Append(Saves, content).Append(Screenshots, screenshot).Reply(pictured);
    }

    private static CloudSave Next(
        CloudSlot slot, long size, string sha256, CloudSaveDetails details, RuleContext context) =>
        new((slot.Newest?.Generation ?? 0) + 1, context.Now, size, sha256, details);

    private static Step<CloudSlot, CloudSave> Told(CloudSlot slot, CloudSave newest) =>
        Go(slot with { Newest = newest }).Reply(newest);

    private static Refusal Conflict() => Refuse(ConflictCode, "The slot holds another save than was expected.");
}
