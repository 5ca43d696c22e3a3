using System.Buffers;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>
/// Passes bytes on to the log, but holds those of a sequence back until it is known whether they are a question.
/// Places count within the bytes of one write.
/// </summary>
internal sealed class LogFilter
{
    private const byte Enquiry = 0x05;
    private const byte Cancel = 0x18;
    private const byte Substitute = 0x1a;
    private const byte Escape = 0x1b;

    private readonly ArrayBufferWriter<byte> _held = new(16);
    private ScreenOutput _output = new();
    private bool _isHolding;
    private int _passFrom;
    private int _holdFrom;

    /// <summary>What is held back between writes.</summary>
    public ReadOnlySpan<byte> Held => _held.WrittenSpan;

    public void Begin(ScreenOutput output) => (_output, _passFrom, _holdFrom) = (output, 0, 0);

    /// <summary>From here on, unless something before is held already.</summary>
    public void Hold(int start)
    {
        if (!_isHolding)
        {
            (_isHolding, _holdFrom) = (true, start);
        }
    }

    /// <summary>What is held is to be passed on.</summary>
    public void Pass()
    {
        _output.AddToLog(_held.WrittenSpan);
        _held.ResetWrittenCount();
        _isHolding = false;
    }

    /// <summary>
    /// What is held, up to an end, is not to be passed on; but for its control characters if those were carried out.
    /// </summary>
    public void TakeOut(ReadOnlySpan<byte> bytes, int end, bool isControlKept)
    {
        _output.AddToLog(bytes[_passFrom.._holdFrom]);
        Drop(bytes[_holdFrom..end], isControlKept);
        (_isHolding, _passFrom) = (false, end);
    }

    /// <summary>The write is over. What is to be taken out in the end need not be kept till then.</summary>
    public void End(ReadOnlySpan<byte> bytes, bool isTakenOut, bool isControlKept)
    {
        if (!_isHolding)
        {
            _output.AddToLog(bytes[_passFrom..]);
            return;
        }

        _output.AddToLog(bytes[_passFrom.._holdFrom]);
        if (isTakenOut)
        {
            Drop(bytes[_holdFrom..], isControlKept);
        }
        else
        {
            _held.Write(bytes[_holdFrom..]);
        }
    }

    private void Drop(ReadOnlySpan<byte> rest, bool isControlKept)
    {
        if (isControlKept)
        {
            PassControls(_held.WrittenSpan);
            PassControls(rest);
        }

        _held.ResetWrittenCount();
    }

    private void PassControls(ReadOnlySpan<byte> bytes)
    {
        foreach (var each in bytes)
        {
            if (each is < 0x20 and not (Enquiry or Cancel or Substitute or Escape))
            {
                _output.AddToLog([each]);
            }
        }
    }
}
