using System.Diagnostics;
using System.Globalization;

namespace Sojourn.Bench;

/// <summary>
/// A server in a process of its own on loopback, so that none has its load's process to itself. It says its port,
/// answers each line of standard input once it has nothing left to do, and ends with its input.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(string name, Process process, int port) => (Name, _process, Port) = (name, process, port);

    public string Name { get; }

    public int Port { get; }

    /// <summary>All that it holds in main memory, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>What it has used of the processors so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>One of those that <see cref="StreamServer"/> knows.</summary>
    public static Task<ServerProcess> StartAsync(string name, string what, string directory) =>
        StartAsync(name, new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { StreamServer.Verb, what, Directory.CreateDirectory(directory).FullName },
        });

    /// <summary>A <see cref="AgentServer"/>.</summary>
    public static Task<ServerProcess> StartAgentsAsync(string name, string directory, string config) =>
        StartAsync(name, new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { AgentServer.Verb, directory, config },
        });

    /// <summary>A <see cref="PartyServer"/>.</summary>
    public static Task<ServerProcess> StartPartiesAsync(string name, string directory, int parties) =>
        StartAsync(name, new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { PartyServer.Verb, directory, parties.ToString(CultureInfo.InvariantCulture) },
        });

    /// <summary>The reference server of durable streams; null, after saying so, if there is none to start.</summary>
    /// <param name="name">What it is called in the figures.</param>
    /// <param name="directory">Where it keeps its files; null for a server that keeps all in memory.</param>
    public static async Task<ServerProcess?> TryStartReferenceAsync(string name, string? directory)
    {
        var program = Path.Combine("bench", "Reference", "server.mjs");
        string[] data = directory is null ? [] : [Directory.CreateDirectory(directory).FullName];
        try
        {
            return await StartAsync(name, new ProcessStartInfo("node", ["--expose-gc", program, .. data]));
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or IOException)
        {
            Console.WriteLine($"{name} is left out: {missing.Message}");
            return null;
        }
    }

    /// <summary>Waits until it has nothing left to do.</summary>
    /// <returns>The bytes of its heap, garbage collected.</returns>
    public async Task<long> RestAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        return long.Parse(await _process.StandardOutput.ReadLineAsync() ?? "", CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(string name, ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync();
        return port is null
            ? throw new IOException($"{start.FileName} ended at once.")
            : new ServerProcess(name, process, int.Parse(port, CultureInfo.InvariantCulture));
    }
}
