using System.Globalization;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing;
using Sojourn.Testing.Disks;

namespace Sojourn.Tests.Play.Saves;

/// <summary>What is done when the power goes, and what may be found then.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Before">Makes the folder as it is before.</param>
/// <param name="Do">What is done.</param>
/// <param name="Check">
/// Looks at the folder after the power came back; told whether the call had been answered. Fails if anything is wrong.
/// </param>
internal sealed record PowerCut(
    string Name,
    Func<SaveSlots, SimulatedDisk, Task> Before,
    Func<SaveSlots, Task> Do,
    Func<SaveSlots, bool, Task> Check)
{
    public override string ToString() => Name;
}

/// <summary>Cuts the power everywhere, and opens what is found each time.</summary>
internal static class PowerCuts
{
    /// <summary>How many found disks are looked at for each place where the power may go.</summary>
    public const int MostDisks = 32;

    private static readonly SaveSlotsOptions Options = new() { Clock = new ManualClock() };

    public static Task<SaveSlots> OpenAsync(SimulatedDisk disk) => SaveSlots.OpenAsync(disk, Options);

    /// <returns>How many found disks were looked at.</returns>
    /// <param name="cut">What to try.</param>
    /// <param name="leaveOut">The flush to leave out, counted from the beginning of what is done; 0 for none.</param>
    public static async Task<int> ExploreAsync(PowerCut cut, int leaveOut = 0)
    {
        var before = new SimulatedDisk(blockBytes: 256);
        await using (var slots = await OpenAsync(before))
            await cut.Before(slots, before);

        var looked = 0;
        for (var at = 1; ; at++)
        {
            var disk = before.Copy();
            var isAnswered = await RunAsync(cut, disk, at, leaveOut);
            var number = 0;
            foreach (var found in disk.Survivors(MostDisks, seed: at))
            {
                await LookAsync(cut, found, isAnswered, string.Create(
                    CultureInfo.InvariantCulture, $"{cut.Name}, power cut at call {at}, disk {number++}"));
                looked++;
            }

            if (isAnswered)
                return looked;
        }
    }

    /// <summary>The flushes that it does, in order.</summary>
    public static async Task<IReadOnlyList<string>> FlushesOfAsync(PowerCut cut)
    {
        var disk = new SimulatedDisk();
        await using (var slots = await OpenAsync(disk))
            await cut.Before(slots, disk);
        var flushes = new List<string>();
        await using (var slots = await OpenAsync(disk))
        {
            disk.Flushing = ofDirectory => flushes.Add(ofDirectory ? "directory" : "file");
            await cut.Do(slots);
        }

        return flushes;
    }

    private static async Task<bool> RunAsync(PowerCut cut, SimulatedDisk disk, int at, int leaveOut)
    {
        await using var slots = await OpenAsync(disk);
        disk.CutAtCall = disk.Calls + at;
        disk.LeaveOutFlush = leaveOut == 0 ? null : disk.Flushes + leaveOut;
        try
        {
            await cut.Do(slots);
            return true;
        }
        catch (PowerCutException)
        {
            return false;
        }
    }

    private static async Task LookAsync(PowerCut cut, SimulatedDisk found, bool isAnswered, string where)
    {
        try
        {
            await using (var slots = await OpenAsync(found))
            {
                await cut.Check(slots, isAnswered);
                // What was found is no dead end either.
                await slots.SaveAsync(Saved.Three, 99);
                Saved.NumberOf(await slots.LoadAsync(Saved.Three)).ShouldBe(99);
            }
        }
        catch (Exception failure) when (failure is SaveException or ShouldAssertException)
        {
            throw new LostSaveException($"{where}: {failure.Message}", failure);
        }
    }
}

/// <summary>A power cut took what it must not.</summary>
internal sealed class LostSaveException(string message, Exception cause) : Exception(message, cause);
