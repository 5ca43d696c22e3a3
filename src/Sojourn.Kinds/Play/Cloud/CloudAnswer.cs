using System.Diagnostics.CodeAnalysis;

namespace Sojourn.Kinds.Play.Cloud;

/// <summary>What came of asking for a slot.</summary>
internal readonly record struct CloudAnswer<T>
    where T : class
{
    public CloudAnswer(T value) => Value = value;

    public CloudAnswer(Problem problem) => Problem = problem;

    /// <summary>What was asked for.</summary>
    public T? Value { get; }

    /// <summary>Why it was not done; null if it was.</summary>
    public Problem? Problem { get; }

    /// <summary>For a conflict, the slot as it is; null if it is empty.</summary>
    public CloudSlot? Stored { get; init; }

    /// <summary>What the owner uses, if that is more than it may.</summary>
    public CloudUsage? Usage { get; init; }

    /// <summary>True if this is the answer to an earlier sending.</summary>
    public bool IsReplay { get; init; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsAccepted => Problem is null;
}

/// <summary>How much an owner uses, and may.</summary>
/// <param name="Bytes">Of all its saves, older ones and pictures included.</param>
/// <param name="MaxBytes">The most of these.</param>
/// <param name="Slots">Those that are not empty, of all games.</param>
/// <param name="MaxSlots">The most of these.</param>
internal sealed record CloudUsage(long Bytes, long MaxBytes, int Slots, int MaxSlots);

/// <summary>A slot as it is listed.</summary>
/// <param name="Slot">The slot; without saves if it is damaged.</param>
/// <param name="IsDamaged">True if its record cannot be read.</param>
internal sealed record ListedSlot(CloudSlot Slot, bool IsDamaged);

/// <summary>Slots of an owner, those that were saved to last first.</summary>
/// <param name="Slots">Those that hold something.</param>
/// <param name="Usage">What the owner uses, of all games together.</param>
internal sealed record CloudSlotList(IReadOnlyList<ListedSlot> Slots, CloudUsage Usage);

/// <summary>A save with its bytes.</summary>
/// <param name="Save">What is known of it.</param>
/// <param name="Bytes">Its content, or its picture.</param>
internal sealed record ReadSave(CloudSave Save, ReadOnlyMemory<byte> Bytes);

/// <summary>Names a slot: its game, and its name in that.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="Game">An id, so short that the slot's fits behind it.</param>
/// <param name="Slot"><c>0</c> and up, <c>quick</c> or <c>auto</c>.</param>
internal readonly record struct CloudSlotName(OwnerId Owner, string Game, string Slot)
{
    /// <summary>The longest name of a game.</summary>
    public const int LongestGame = SessionId.MaxLength - 6;

    /// <summary>The slot's session.</summary>
    public SessionKey Key => new(CloudSlotKind.KindName, Owner, $"{Game}.{Slot}");
}
