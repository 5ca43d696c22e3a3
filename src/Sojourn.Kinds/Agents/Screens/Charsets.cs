namespace Sojourn.Kinds.Agents.Screens;

/// <summary>The four sets that are designated, and the one that is in use.</summary>
internal sealed class Charsets
{
    private readonly Charset?[] _designated = new Charset?[4];

    /// <summary>Which of the four is shifted in.</summary>
    public int Level { get; private set; }

    /// <summary>
    /// What text is written in; null is ASCII. A restored cursor brings its own, until something is shifted in or
    /// designated.
    /// </summary>
    public Charset? Current { get; set; }

    public Charset? this[int level] => _designated[level];

    public void Designate(int level, Charset? charset)
    {
        _designated[level] = charset;
        if (level == Level)
        {
            Current = charset;
        }
    }

    public void Shift(int level)
    {
        Level = level;
        Current = _designated[level];
    }

    public void Reset()
    {
        Array.Clear(_designated);
        Shift(0);
    }
}
