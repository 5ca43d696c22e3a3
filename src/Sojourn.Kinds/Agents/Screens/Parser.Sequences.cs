using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>What is read between an escape and the end of its sequence.</summary>
internal sealed partial class Parser
{
    /// <summary>The bytes of the longest control sequence; a longer one is taken out.</summary>
    private const int LongestSequence = 4096;

    /// <summary>The bytes of the longest text of a command that is read; a longer one does nothing.</summary>
    private const int LongestText = 65536;

    /// <summary>What a text may leave behind in memory.</summary>
    private const int KeptText = 1024;

    private readonly Params _params = new();
    private ArrayBufferWriter<byte> _text = new(KeptText);
    private uint _collected;
    private int _length;
    private bool _isOverlong;

    /// <summary>The number of the operating system command; -1 if it has none, -2 if it is no number.</summary>
    private int _command;

    private bool _isCommandRead;

    /// <summary>Whether the escape that is being read ended a question: its backslash goes with it.</summary>
    private bool _isTerminator;

    /// <summary>
    /// What was passed on of a sequence that is not over: a terminal that comes now must know that it is in one.
    /// </summary>
    public string Unfinished => _state switch
    {
        _ when _isUndecided => "",
        ParserState.OscText when _command >= 0 && !_isOverlong =>
            string.Create(CultureInfo.InvariantCulture, $"\e]{_command};{Encoding.UTF8.GetString(_text.WrittenSpan)}"),
        ParserState.OscText => "\e]x;",
        ParserState.DcsText or ParserState.DcsIgnore => "\ePz",
        ParserState.IgnoredText => "\eX",
        _ => "",
    };

    private void ClearSequence()
    {
        _params.Clear();
        (_collected, _length, _isOverlong) = (0, 0, false);
        (_command, _isCommandRead, _isTerminator) = (-1, false, false);
        if (_text.Capacity > KeptText)
        {
            _text = new ArrayBufferWriter<byte>(KeptText);
        }

        _text.ResetWrittenCount();
    }

    private void ReadInSequence(ReadOnlySpan<byte> bytes, int at, byte each)
    {
        if (each is EscapeByte)
        {
            var isQuestion = EndString(bytes, at, isWhole: true, "\e\\");
            BeginSequence(at, isPartial: false);
            _isTerminator = isQuestion;
        }
        else if (each is Cancel or Substitute)
        {
            EndString(bytes, at + 1, isWhole: false, "");
            Leave();
        }
        else if (_state is ParserState.OscText)
        {
            ReadOsc(bytes, at, each);
        }
        else if (_state is ParserState.DcsText)
        {
            if (each != 0x7f)
            {
                AddToText([each]);
            }
        }
        else if (_state is >= ParserState.DcsEntry and <= ParserState.DcsIgnore)
        {
            ReadDcs(each);
        }
        else if (_state is not ParserState.IgnoredText)
        {
            ReadControl(bytes, at, each);
        }
    }

    // ESC and CSI sequences: what is not a part of them is carried out on the way.
    private void ReadControl(ReadOnlySpan<byte> bytes, int at, byte each)
    {
        if (++_length > LongestSequence)
        {
            _isOverlong = true;
        }

        if (each < 0x20)
        {
            Controls.Execute(display, each);
            display.LastWidth = 0;
        }
        else if (each == 0x7f)
        {
            // DEL is nothing anywhere.
        }
        else if (_state is ParserState.Escape or ParserState.EscapeIntermediate)
        {
            ReadEscape(bytes, at, each);
        }
        else
        {
            ReadCsi(bytes, at, each);
        }
    }

    private void ReadEscape(ReadOnlySpan<byte> bytes, int at, byte each)
    {
        if (each < 0x30)
        {
            Collect(each, ParserState.EscapeIntermediate);
        }
        else if (_state == ParserState.Escape && each is (byte)'[' or (byte)']' or (byte)'P' or (byte)'X' or (byte)'^'
            or (byte)'_' && _collected == 0)
        {
            Enter(each);
        }
        else
        {
            DispatchEscape(bytes, at, (_collected << 8) | each);
        }
    }

    // By the character after the escape.
    private void Enter(int introducer)
    {
        _state = introducer switch
        {
            '[' => ParserState.CsiEntry,
            ']' => ParserState.OscText,
            'P' => ParserState.DcsEntry,
            _ => ParserState.IgnoredText,
        };
        if (_state == ParserState.IgnoredText)
        {
            Decide();
        }
    }

    private void DispatchEscape(ReadOnlySpan<byte> bytes, int at, uint sequence)
    {
        // DECID asks what DA1 asks.
        if (sequence == 'Z')
        {
            _output.Answer(Questions.AnswerTo(display, 'c', _params)!);
        }

        if (sequence == 'Z' || (sequence == '\\' && _isTerminator) || _isOverlong)
        {
            TakeOut(bytes, at + 1);
            return;
        }

        Controls.Escape(display, sequence);
        Leave();
    }

    private void ReadCsi(ReadOnlySpan<byte> bytes, int at, byte each)
    {
        if (each >= 0x40)
        {
            DispatchCsi(bytes, at, (_collected << 8) | each);
        }
        else if (_state == ParserState.CsiIgnore)
        {
            // Up to its end.
        }
        else if (each < 0x30)
        {
            Collect(each, ParserState.CsiIntermediate);
        }
        else if (_state == ParserState.CsiIntermediate || (_state == ParserState.CsiParam && each >= 0x3c))
        {
            _state = ParserState.CsiIgnore;
        }
        else
        {
            _state = ParserState.CsiParam;
            ReadParameter(each);
        }
    }

    private void DispatchCsi(ReadOnlySpan<byte> bytes, int at, uint sequence)
    {
        if (_isOverlong)
        {
            TakeOut(bytes, at + 1);
        }
        else if (_state == ParserState.CsiIgnore)
        {
            // Nothing was sent, so that marks still join: LastWidth stays.
            Decide();
            _state = ParserState.Ground;
        }
        else if (Questions.AnswerTo(display, sequence, _params) is { } answer)
        {
            _output.Answer(answer);
            TakeOut(bytes, at + 1);
        }
        else
        {
            Sequences.Run(display, sequence, _params);
            Leave();
        }
    }

    private void ReadParameter(byte each)
    {
        switch (each)
        {
            case (byte)';':
                _params.Next();
                break;
            case (byte)':':
                _params.NextSub();
                break;
            case >= 0x3c:
                _collected = (_collected << 8) | each;
                break;
            default:
                _params.Digit(each - '0');
                break;
        }
    }

    private void Collect(byte each, ParserState next)
    {
        _collected = (_collected << 8) | each;
        _state = next;
    }
}
