using System.Buffers;
using System.Text;

namespace Sojourn.Kinds.Agents.Screens;

/// <summary>
/// What comes of a program's output: the answers to its questions, and the bytes that are to be logged and shown,
/// without the questions. It may be used again after <see cref="Clear"/>.
/// </summary>
internal sealed class ScreenOutput
{
    private readonly ArrayBufferWriter<byte> _answers = new();
    private readonly ArrayBufferWriter<byte> _log = new();

    /// <summary>To be written to the program, as if it were typed.</summary>
    public ReadOnlyMemory<byte> Answers => _answers.WrittenMemory;

    /// <summary>To be logged, and shown by others.</summary>
    public ReadOnlyMemory<byte> Log => _log.WrittenMemory;

    public void Clear()
    {
        _answers.ResetWrittenCount();
        _log.ResetWrittenCount();
    }

    internal void Answer(string text) => Encoding.UTF8.GetBytes(text, _answers);

    internal void AddToLog(ReadOnlySpan<byte> bytes) => _log.Write(bytes);

    internal void AddToLog(string text) => Encoding.UTF8.GetBytes(text, _log);
}
