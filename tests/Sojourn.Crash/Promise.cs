namespace Sojourn.Crash;

/// <summary>Says what is broken.</summary>
internal static class Promise
{
    public static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(otherwise);
        }
    }
}
