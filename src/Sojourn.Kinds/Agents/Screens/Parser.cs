using System.Buffers;
using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>The states of a VT500 that reads, after the diagram of Paul Williams.</summary>
internal enum ParserState
{
    Ground,
    Escape,
    EscapeIntermediate,
    CsiEntry,
    CsiParam,
    CsiIntermediate,
    CsiIgnore,
    DcsEntry,
    DcsParam,
    DcsIntermediate,
    DcsIgnore,
    DcsText,
    OscText,

    /// <summary>SOS, PM and APC: nobody reads them.</summary>
    IgnoredText,
}

/// <summary>
/// Reads a program's output: draws it on a display, answers what it asks, and passes the rest on to the log. The bytes
/// may be split anywhere.
/// </summary>
internal sealed partial class Parser(Display display)
{
    private const int ByteOrderMark = 0xfeff;
    private const byte Enquiry = 0x05;
    private const byte Bell = 0x07;
    private const byte Cancel = 0x18;
    private const byte Substitute = 0x1a;
    private const byte EscapeByte = 0x1b;
    private const byte Delete = 0x7f;

    private readonly LogFilter _filter = new();
    private readonly byte[] _partial = new byte[4];
    private ScreenOutput _output = new();
    private ParserState _state;
    private int _partialCount;
    private bool _isInText;

    /// <summary>Whether it is not known yet if the sequence that is being read is to be passed on.</summary>
    private bool _isUndecided;

    public ReadOnlySpan<byte> Held => _filter.Held;

    public void Write(ReadOnlySpan<byte> bytes, ScreenOutput output)
    {
        _output = output;
        _filter.Begin(output);
        for (var at = CompletePartial(bytes); at < bytes.Length;)
        {
            at = Read(bytes, at);
        }

        EndText();
        _filter.End(bytes, _isUndecided && _isOverlong, IsControlKept);
        display.Tidy();
    }

    /// <summary>The output is over: what is held is logged, and CAN ends whatever has no end.</summary>
    public void End(ScreenOutput output)
    {
        _filter.Begin(output);
        _filter.Pass();
        if (_state != ParserState.Ground)
        {
            output.AddToLog([Cancel]);
        }

        (_state, _isUndecided, _partialCount) = (ParserState.Ground, false, 0);
        display.LastWidth = 0;
    }

    // C0 controls within a control sequence are carried out before it.
    private bool IsControlKept => _state is >= ParserState.Escape and <= ParserState.CsiIgnore;

    private int Read(ReadOnlySpan<byte> bytes, int at)
    {
        var each = bytes[at];
        if (each >= 0x80)
        {
            return ReadHigh(bytes, at);
        }

        if (_state != ParserState.Ground)
        {
            ReadInSequence(bytes, at, each);
            return at + 1;
        }

        if (each is >= 0x20 and < 0x7f)
        {
            var rest = bytes[at..];
            var length = rest.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e);
            rest = length < 0 ? rest : rest[..length];
            BeginText();
            display.PrintAscii(rest);
            return at + rest.Length;
        }

        EndText();
        if (each == EscapeByte)
        {
            BeginSequence(at, isPartial: false);
        }
        else
        {
            ExecuteInGround(bytes, at, each);
        }

        return at + 1;
    }

    private int ReadHigh(ReadOnlySpan<byte> bytes, int at)
    {
        var status = Rune.DecodeFromUtf8(bytes[at..], out var rune, out var length);
        if (status == OperationStatus.NeedMoreData)
        {
            _partialCount = bytes.Length - at;
            bytes[at..].CopyTo(_partial);
            _filter.Hold(at);
            return bytes.Length;
        }

        Character(bytes, rune.Value, at, at + length);
        return at + length;
    }

    /// <returns>How many bytes went into the character that the last write left unfinished.</returns>
    private int CompletePartial(ReadOnlySpan<byte> bytes)
    {
        if (_partialCount == 0)
        {
            return 0;
        }

        for (var used = 0; used < bytes.Length; used++)
        {
            _partial[_partialCount] = bytes[used];
            var status = Rune.DecodeFromUtf8(_partial.AsSpan(0, _partialCount + 1), out var rune, out _);
            if (status == OperationStatus.NeedMoreData)
            {
                _partialCount++;
                continue;
            }

            // A byte that does not belong to it begins something else.
            used += status == OperationStatus.Done ? 1 : 0;
            _partialCount = 0;
            Character(bytes, rune.Value, -1, used);
            return used;
        }

        return bytes.Length;
    }

    // The start is below 0 if the first bytes came with an earlier write.
    private void Character(ReadOnlySpan<byte> bytes, int codePoint, int start, int end)
    {
        if (codePoint < 0xa0)
        {
            HighControl(bytes, codePoint, start, end);
        }
        else if (_state != ParserState.Ground)
        {
            HighInSequence(codePoint);
        }
        else if (codePoint != ByteOrderMark)
        {
            BeginText();
            display.Print(codePoint);
            display.Tidy();
        }

        if (!_isUndecided)
        {
            _filter.Pass();
        }
    }

    // The controls of the upper half, which come as two bytes of UTF-8.
    private void HighControl(ReadOnlySpan<byte> bytes, int code, int start, int end)
    {
        EndText();
        switch (code)
        {
            case 0x90 or 0x98 or 0x9b or 0x9d or 0x9e or 0x9f:
                BeginSequence(start, isPartial: start < 0);
                Enter(code - 0x40);
                break;
            case 0x9c:
                EndString(bytes, end, isWhole: true, "\e\\");
                _state = ParserState.Ground;
                break;
            default:
                Controls.Execute(display, code);
                Leave();
                break;
        }
    }

    private void BeginSequence(int start, bool isPartial)
    {
        // If its first byte is held already, so is what came before it, and shares its fate.
        if (_isUndecided && !isPartial)
        {
            _filter.Pass();
        }

        _filter.Hold(Math.Max(start, 0));
        ClearSequence();
        (_state, _isUndecided) = (ParserState.Escape, true);
    }

    /// <summary>The sequence that is being read is to be passed on, whatever comes.</summary>
    private void Decide()
    {
        if (_isUndecided)
        {
            _filter.Pass();
            _isUndecided = false;
        }
    }

    /// <summary>A sequence is over that is to be passed on.</summary>
    private void Leave()
    {
        Decide();
        _state = ParserState.Ground;
        display.LastWidth = 0;
    }

    /// <summary>A sequence is over that was a question: who reads the log sees nothing of it.</summary>
    private void TakeOut(ReadOnlySpan<byte> bytes, int end)
    {
        _filter.TakeOut(bytes, end, IsControlKept);
        _isUndecided = false;
        _state = ParserState.Ground;
    }

    private void ExecuteInGround(ReadOnlySpan<byte> bytes, int at, byte control)
    {
        if (control == Enquiry)
        {
            // A terminal that was given nothing to say does not answer.
            _filter.Hold(at);
            _filter.TakeOut(bytes, at + 1, isControlKept: false);
        }
        else if (control != Delete)
        {
            Controls.Execute(display, control);
            display.LastWidth = 0;
        }
    }

    private void BeginText()
    {
        if (!_isInText)
        {
            _isInText = true;
            display.BeginText();
        }
    }

    private void EndText()
    {
        if (_isInText)
        {
            _isInText = false;
            display.EndText();
        }
    }
}
