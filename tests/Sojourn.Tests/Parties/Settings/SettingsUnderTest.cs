using Microsoft.Data.Sqlite;
using Sojourn.Mesh.Settings;
using Sojourn.Sqlite;
using Sojourn.Testing;

namespace Sojourn.Tests.Parties.Settings;

/// <summary>A home directory of a node that is gone with the test.</summary>
internal sealed class SettingsUnderTest : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("sojourn-settings-");

    public ManualClock Clock { get; } = new();

    /// <summary>Not there before settings are opened in it.</summary>
    public string Home => Path.Combine(_parent.FullName, "home");

    public string File => Path.Combine(Home, "settings.db");

    public IEnumerable<string> Files => Directory.GetFiles(Home).Select(Path.GetFileName).Order()!;

    public MeshSettings Open() => MeshSettings.Open(Home, Clock);

    /// <summary>Another home with copies of this one's files: what a crash at this moment would leave.</summary>
    public string Copy(string name)
    {
        var to = Directory.CreateDirectory(Path.Combine(_parent.FullName, name)).FullName;
        foreach (var file in Directory.GetFiles(Home))
            System.IO.File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }

    public string At(string name) => Path.Combine(_parent.FullName, name);

    /// <summary>Does to the file what another program might.</summary>
    public void Tamper(string sql)
    {
        SqliteLibrary.EnsureLoaded();
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }

    public void Dispose() => _parent.Delete(recursive: true);
}
