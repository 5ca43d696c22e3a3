namespace Sojourn.Mesh.Tunnels;

/// <summary>
/// Says that a process of this machine has an interface of a name, as long as it lives. So what is there without it was
/// left by one that does not.
/// </summary>
internal static class InterfaceLock
{
    /// <summary>Where programs of WireGuard's have their sockets.</summary>
    public const string Directory = "/run/wireguard";

    /// <summary>Takes it; disposing gives it back.</summary>
    /// <exception cref="MeshException">Another process has it, or this is not root.</exception>
    public static FileStream Take(string name)
    {
        try
        {
            System.IO.Directory.CreateDirectory(Directory);
            var file = Path.Combine(Directory, $"{name}.lock");
            // What we left has such a file beside it; what has none is somebody else's.
            if (!File.Exists(file) && new NetDevice(name).Exists)
            {
                throw new MeshException($"There is an interface {name} on this machine that is not ours. Choose "
                    + "another name with --interface.");
            }

            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new MeshException($"Another program of this machine has the interface {name}. End it, or choose "
                + "another name for this one.", taken);
        }
        catch (UnauthorizedAccessException forbidden)
        {
            throw new MeshException($"A tunnel needs root: {Directory} cannot be written.", forbidden);
        }
    }
}
