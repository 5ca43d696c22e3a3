namespace Sojourn.Kinds.Agents.Screens;

/// <summary>The window's title, and those that a program put by to have them back.</summary>
internal sealed class Titles
{
    private const int Deepest = 10;

    private readonly List<string> _stack = [];

    public string Current { get; set; } = "";

    public IReadOnlyList<string> Stack => _stack;

    public void Push()
    {
        _stack.Add(Current);
        if (_stack.Count > Deepest)
        {
            _stack.RemoveAt(0);
        }
    }

    public void Pop()
    {
        if (_stack.Count > 0)
        {
            Current = _stack[^1];
            _stack.RemoveAt(_stack.Count - 1);
        }
    }
}
