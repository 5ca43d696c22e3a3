using System.Diagnostics.CodeAnalysis;

namespace Sojourn.Kinds.Explorer.Saves;

/// <summary>What came of asking something of a slot: a reply, or a <see cref="Sojourn.Problem"/>.</summary>
public readonly struct SlotAnswer<TReply>
{
    private readonly TReply? _reply;

    internal SlotAnswer(TReply reply) => _reply = reply;

    internal SlotAnswer(Problem problem) => Problem = problem;

    /// <summary>Why it was not done; null if it was.</summary>
    public Problem? Problem { get; }

    /// <summary>True if it was done.</summary>
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsAccepted => Problem is null;

    /// <summary>The reply.</summary>
    /// <exception cref="SojournException">The answer is a problem.</exception>
    public TReply Reply => Problem is null ? _reply! : throw new SojournException(Problem);

    /// <summary>True if this operation id had been decided before, and this is that answer again.</summary>
    public bool IsReplay { get; internal init; }
}

/// <summary>What may accompany a change to a slot, or the load of one.</summary>
public sealed record SlotOptions
{
    /// <summary>
    /// The version that what is changed must have: of the slot when saving, of the game when loading. Null (the
    /// default) for any.
    /// </summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>As <see cref="SendOptions.OperationId"/>.</summary>
    public string? OperationId { get; init; }

    /// <summary>As <see cref="SendOptions.IsUpkeep"/>: for what nobody asked for.</summary>
    internal bool IsUpkeep { get; init; }

    internal SendOptions ToSend(OwnerId owner) =>
        new() { Owner = owner, ExpectedVersion = ExpectedVersion, OperationId = OperationId, IsUpkeep = IsUpkeep };
}

/// <summary>How a slot is.</summary>
public enum SlotStatus
{
    /// <summary>Nothing was ever saved to it.</summary>
    Empty,

    /// <summary>It can be loaded.</summary>
    Kept,

    /// <summary>Its newest save cannot be read; perhaps the previous one can.</summary>
    Damaged,
}

/// <summary>A slot, without the games in it.</summary>
/// <param name="Slot">Its number, from 0.</param>
/// <param name="Automatic">True for slot 0, which nobody writes by hand.</param>
/// <param name="Status">How it is.</param>
/// <param name="Version">The number of times that it was written to; 0 while empty. For <c>If-Match</c>.</param>
public sealed record SlotView(int Slot, bool Automatic, SlotStatus Status, long Version)
{
    /// <summary>What was saved last; null if there is nothing, or it cannot be read at all.</summary>
    public SaveView? Current { get; init; }

    /// <summary>What that took the place of; null if there was nothing.</summary>
    public SaveView? Previous { get; init; }

    /// <summary>What is wrong and what helps; null if all is well.</summary>
    public string? Detail { get; init; }
}

/// <summary>A save, without the game in it.</summary>
/// <param name="SavedAt">When, UTC.</param>
/// <param name="Reason">Why.</param>
/// <param name="Metadata">What it is about.</param>
/// <param name="Damaged">True if it cannot be loaded.</param>
public sealed record SaveView(DateTimeOffset SavedAt, SaveReason Reason, SaveMetadata Metadata, bool Damaged);

/// <summary>A save as a file.</summary>
/// <param name="Name">What it may be called.</param>
/// <param name="Bytes">What is in it. Every byte is signed.</param>
public sealed record ExportedSave(string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>What came of one game when all were saved.</summary>
/// <param name="Game">Which.</param>
/// <param name="Answer">Its automatic slot, or why it was not saved.</param>
public sealed record SavedGame(SessionId Game, SlotAnswer<SlotView> Answer);
