using System.Buffers;
using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>Commands with a text: DCS and OSC, and those that nobody reads.</summary>
internal sealed partial class Parser
{
    private void ReadDcs(byte each)
    {
        if (each is < 0x20 or 0x7f || _state == ParserState.DcsIgnore)
        {
            return;
        }

        if (each >= 0x40)
        {
            _collected = (_collected << 8) | each;
            _state = ParserState.DcsText;
            if (_collected is not (Questions.StatusString or Questions.Capabilities))
            {
                Decide();
            }
        }
        else if (each < 0x30)
        {
            Collect(each, ParserState.DcsIntermediate);
        }
        else if (_state == ParserState.DcsIntermediate || (_state == ParserState.DcsParam && each >= 0x3c))
        {
            _state = ParserState.DcsIgnore;
            Decide();
        }
        else
        {
            _state = ParserState.DcsParam;
            ReadParameter(each);
        }

        if (++_length > LongestSequence)
        {
            _state = ParserState.DcsIgnore;
            Decide();
        }
    }

    private void ReadOsc(ReadOnlySpan<byte> bytes, int at, byte each)
    {
        if (each == Bell)
        {
            EndString(bytes, at + 1, isWhole: true, "\a");
            _state = ParserState.Ground;
        }
        else if (each < 0x20)
        {
            // Other controls are nothing in a command.
        }
        else if (_isCommandRead)
        {
            AddToText([each]);
        }
        else
        {
            ReadCommand(each);
        }
    }

    private void ReadCommand(byte each)
    {
        if (char.IsAsciiDigit((char)each) && ++_length <= LongestSequence)
        {
            _command = Math.Min((Math.Max(_command, 0) * 10) + each - '0', short.MaxValue);
            return;
        }

        _isCommandRead = true;
        if (each != ';')
        {
            _command = -2;
        }

        if (!Strings.MayAsk(_command))
        {
            Decide();
        }
    }

    // Other characters than ASCII: they belong into texts, and elsewhere end the sequence.
    private void HighInSequence(int codePoint)
    {
        if (_state is ParserState.OscText or ParserState.DcsText)
        {
            if (_state is ParserState.OscText && !_isCommandRead)
            {
                ReadCommand((byte)'?');
                return;
            }

            Span<byte> utf8 = stackalloc byte[4];
            AddToText(utf8[..new Rune(codePoint).EncodeToUtf8(utf8)]);
        }
        else if (_state is not (ParserState.IgnoredText or ParserState.CsiIgnore or ParserState.DcsIgnore))
        {
            Decide();
            _state = ParserState.Ground;
        }
    }

    private void AddToText(ReadOnlySpan<byte> bytes)
    {
        // The text of a command that nobody reads is not kept.
        var isRead = _state == ParserState.OscText ? _command >= 0 : _isUndecided;
        if (_text.WrittenCount + bytes.Length > LongestText)
        {
            _isOverlong = true;
            _text.ResetWrittenCount();
        }
        else if (isRead && !_isOverlong)
        {
            _text.Write(bytes);
        }
    }

    /// <summary>Carries a command out that ends here if it was sent whole; its answers end as it does.</summary>
    /// <returns>Whether it was a question, and was taken out.</returns>
    private bool EndString(ReadOnlySpan<byte> bytes, int end, bool isWhole, string terminator)
    {
        var isOsc = _state is ParserState.OscText;
        if (!isOsc && _state is not ParserState.DcsText)
        {
            Decide();
            return false;
        }

        var text = Encoding.UTF8.GetString(_text.WrittenSpan);
        var rest = isWhole && !_isOverlong ? Run(isOsc, text, terminator) : null;
        if (rest is null && !(_isOverlong && _isUndecided))
        {
            display.LastWidth = 0;
            Decide();
            return false;
        }

        TakeOut(bytes, end);
        if (rest is { Length: > 0 })
        {
            _output.AddToLog($"\e]{rest}\a");
        }

        return true;
    }

    private string? Run(bool isOsc, string text, string terminator)
    {
        if (isOsc)
        {
            var answers = new List<string>();
            var rest = Strings.Run(display, _command, text, answers);
            answers.ForEach(answer => _output.Answer($"\e]{answer}{terminator}"));
            return rest;
        }

        switch (_collected)
        {
            case Questions.StatusString:
                _output.Answer(Questions.Status(display, text));
                return "";
            case Questions.Capabilities:
                _output.Answer(Questions.Terminfo(text));
                return "";
            default:
                return null;
        }
    }
}
