using System.Text;
using Sojourn.Kinds.Play.Saves;
using Sojourn.Testing;

namespace Sojourn.Tests.Play.Saves;

/// <summary>A folder of a test's own, and what is saved there.</summary>
internal sealed class SavesUnderTest : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sojourn-saves-");

    public ManualClock Clock { get; } = new();

    public string Folder => _directory.FullName;

    public Task<SaveSlots> OpenAsync(Func<SaveSlotsOptions, SaveSlotsOptions>? change = null)
    {
        var options = new SaveSlotsOptions { Clock = Clock };
        return SaveSlots.OpenAsync(Folder, change?.Invoke(options) ?? options);
    }

    public string[] Files => [.. Directory.GetFiles(Folder).Select(Path.GetFileName).OfType<string>().Order()];

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Changes one byte of a file.</summary>
    public void Flip(string file, int at)
    {
        var bytes = File.ReadAllBytes(PathOf(file));
        bytes[at < 0 ? bytes.Length + at : at] ^= 0x40;
        File.WriteAllBytes(PathOf(file), bytes);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}

internal static class Saved
{
    /// <summary>The smallest PNG there is: one grey point.</summary>
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    public static readonly SlotName Three = SlotName.Number(3);

    public static readonly SlotName Four = SlotName.Number(4);

    /// <summary>Two parts that name the same number: a mix of two saves would not.</summary>
    public static SaveContent Content(int number) => SaveContent
        .Of("profile", Encoding.UTF8.GetBytes($"the pilot after mission {number}"))
        .With("campaign", Encoding.UTF8.GetBytes($"the campaign after mission {number}"));

    public static SaveDetails Details(int number) => new()
    {
        Callsign = "Maverick",
        Mission = $"mission {number}",
        MissionsFlown = number,
        Screenshot = Png,
    };

    /// <summary>Which content it is.</summary>
    public static int NumberOf(SaveContent content)
    {
        content.Parts.Keys.ShouldBe(["campaign", "profile"]);
        var number = int.Parse(
            Encoding.UTF8.GetString(content["profile"].Span)["the pilot after mission ".Length..],
            System.Globalization.CultureInfo.InvariantCulture);
        Encoding.UTF8.GetString(content["campaign"].Span).ShouldBe($"the campaign after mission {number}");
        return number;
    }

    public static int NumberOf(LoadedSave loaded)
    {
        loaded.Metadata.Details.MissionsFlown.ShouldBe(NumberOf(loaded.Content));
        return loaded.Metadata.Details.MissionsFlown;
    }

    public static Task<SaveMetadata> SaveAsync(this SaveSlots slots, SlotName slot, int number) =>
        slots.SaveAsync(slot, Content(number), Details(number));
}
