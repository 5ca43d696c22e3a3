namespace Sojourn.Tests.Cli;

/// <summary>Keeps what is written, and may do something once a text has appeared: a hand on the keyboard.</summary>
internal sealed class CapturedText(string? text = null, Action? act = null) : StringWriter
{
    private readonly Lock _gate = new();
    private bool _done;

    public override void Write(char value)
    {
        lock (_gate)
            base.Write(value);
        Look();
    }

    public override void Write(string? value)
    {
        lock (_gate)
            base.Write(value);
        Look();
    }

    public override void WriteLine(string? value)
    {
        lock (_gate)
            base.WriteLine(value);
        Look();
    }

    public override string ToString()
    {
        lock (_gate)
            return base.ToString();
    }

    private void Look()
    {
        if (_done || text is null || !ToString().Contains(text, StringComparison.Ordinal))
            return;

        _done = true;
        act?.Invoke();
    }
}
