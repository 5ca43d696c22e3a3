namespace Sojourn.Cli.Agents;

/// <summary>
/// Finds, among what is typed, the wish to leave: Ctrl-\, or a tilde and a dot at the beginning of a
/// line.
/// </summary>
internal sealed class DetachKeys
{
    private const byte ControlBackslash = 0x1c, Return = (byte)'\r', NewLine = (byte)'\n', Tilde = (byte)'~';

    private bool _isLineStart = true;
    private bool _hasTilde;

    /// <summary>Takes what was typed.</summary>
    /// <param name="typed">The keys.</param>
    /// <param name="passed">Gets those that go to the program.</param>
    /// <returns>True if it is time to leave; what was typed after that is dropped.</returns>
    public bool Take(ReadOnlySpan<byte> typed, List<byte> passed)
    {
        foreach (var key in typed)
        {
            if (key == ControlBackslash)
                return true;
            if (_hasTilde)
            {
                _hasTilde = false;
                if (key == (byte)'.')
                    return true;
                // Two of them stand for one.
                passed.Add(Tilde);
                if (key == Tilde)
                {
                    _isLineStart = false;
                    continue;
                }
            }
            else if (_isLineStart && key == Tilde)
            {
                _hasTilde = true;
                continue;
            }

            passed.Add(key);
            _isLineStart = key is Return or NewLine;
        }

        return false;
    }
}
