namespace Sojourn.Kinds.Agents;

/// <summary>How large a terminal is, in cells.</summary>
/// <param name="Columns">1 to 500.</param>
/// <param name="Rows">1 to 500.</param>
public readonly record struct TerminalSize(int Columns, int Rows);
