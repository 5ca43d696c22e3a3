namespace Sojourn.Kinds.Agents.Screens;

/// <summary>
/// The parameters of a control sequence: numbers, each with sub-numbers after colons. An empty one is 0, an empty
/// sub-number -1; what is too many is ignored.
/// </summary>
internal sealed class Params
{
    private const int Most = 32;

    private readonly int[] _numbers = new int[Most];
    private readonly int[] _subNumbers = new int[Most];
    private readonly (int Start, int End)[] _ranges = new (int, int)[Most];
    private int _subCount;
    private bool _isFull;
    private bool _isSubFull;
    private bool _isSub;

    public Params() => Clear();

    public int Count { get; private set; }

    public int this[int index] => _numbers[index];

    /// <summary>The first number, or 1 if it is 0: how often, or which row, in most sequences.</summary>
    public int Times => Math.Max(_numbers[0], 1);

    public ReadOnlySpan<int> SubNumbers(int index) =>
        _subNumbers.AsSpan(_ranges[index].Start, _ranges[index].End - _ranges[index].Start);

    public void Clear()
    {
        (Count, _subCount, _isFull, _isSubFull, _isSub) = (0, 0, false, false, false);
        Next();
    }

    /// <summary>After a semicolon.</summary>
    public void Next()
    {
        _isSub = false;
        if (Count == Most)
        {
            _isFull = true;
            return;
        }

        _ranges[Count] = (_subCount, _subCount);
        _numbers[Count++] = 0;
    }

    /// <summary>After a colon.</summary>
    public void NextSub()
    {
        _isSub = true;
        if (_isFull || _subCount == Most)
        {
            _isSubFull = true;
            return;
        }

        _subNumbers[_subCount++] = -1;
        _ranges[Count - 1].End++;
    }

    public void Digit(int digit)
    {
        if (_isFull || (_isSub && (_isSubFull || _subCount == 0)))
        {
            return;
        }

        ref var number = ref _isSub ? ref _subNumbers[_subCount - 1] : ref _numbers[Count - 1];
        number = number < 0 ? digit : (int)Math.Min((number * 10L) + digit, int.MaxValue);
    }
}
