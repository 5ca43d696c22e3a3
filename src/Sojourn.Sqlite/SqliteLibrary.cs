using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Sojourn.Sqlite;

/// <summary>
/// Chooses the SQLite that is used: the system's if it has one that is new enough, otherwise the one that comes with
/// the package (3.35.5, of 2021). The only place that knows; a newer package makes it a one-line change.
/// </summary>
internal static class SqliteLibrary
{
    private const string PackagedName = "e_sqlite3";

    /// <summary>3.37, of 2021: older ones are not better than the packaged one.</summary>
    private const int OldestWorthUsing = 3_037_000;

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Loads it, once; says which it is.</summary>
    public static string EnsureLoaded() => Loaded.Value;

    private static string Load()
    {
        var system = FindSystem();
        if (system != 0)
        {
            NativeLibrary.SetDllImportResolver(
                typeof(SQLite3Provider_e_sqlite3).Assembly,
                (name, _, _) => name == PackagedName ? system : 0);
        }

        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        return $"SQLite {raw.sqlite3_libversion().utf8_to_string()} ({(system != 0 ? "system" : "packaged")})";
    }

    private static nint FindSystem()
    {
        string[] names = OperatingSystem.IsLinux() ? ["libsqlite3.so.0"]
            : OperatingSystem.IsMacOS() ? ["/usr/lib/libsqlite3.dylib"]
            : [];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out var library))
            {
                if (VersionOf(library) >= OldestWorthUsing)
                {
                    return library;
                }

                NativeLibrary.Free(library);
            }
        }

        return 0;
    }

    private static int VersionOf(nint library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var address)
            ? Marshal.GetDelegateForFunctionPointer<VersionNumber>(address)()
            : 0;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();
}
