namespace Sojourn.Testing;

/// <summary>Runs a test with many seeds, so that chance finds what nobody thought of, and finds it again.</summary>
public static class Seeds
{
    /// <summary>Runs a test with the seeds <paramref name="first"/>, first + 1 and so on, one after another.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="test">The test; <c>new Dice(seed)</c> is chance for its own use.</param>
    /// <param name="first">The first seed. To see one failure again, say it here with a count of 1.</param>
    /// <exception cref="SeedFailedException">One failed; the message names it, and the others were not run.</exception>
    public static void Each(int count, Action<ulong> test, ulong first = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentNullException.ThrowIfNull(test);
        for (var seed = first; seed < first + (ulong)count; seed++)
        {
            try
            {
                test(seed);
            }
            catch (Exception failure)
            {
                throw new SeedFailedException(seed, failure);
            }
        }
    }
}

/// <summary>A test of <see cref="Seeds"/> failed with one seed.</summary>
public sealed class SeedFailedException : Exception
{
    internal SeedFailedException(ulong seed, Exception failure)
        : base($"Seed {seed} fails: {failure.Message}", failure) => Seed = seed;

    /// <summary>The seed.</summary>
    public ulong Seed { get; }
}
