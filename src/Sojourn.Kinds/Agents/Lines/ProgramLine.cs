namespace Sojourn.Kinds.Agents.Lines;

/// <summary>A line that a program wrote, without its end.</summary>
/// <param name="Bytes">The line; good until the next one is read. Empty if it was skipped.</param>
/// <param name="Skipped">How long it was, if it was too long to be kept; else 0.</param>
internal readonly record struct ProgramLine(ReadOnlyMemory<byte> Bytes, long Skipped = 0);
