namespace Sojourn.Mesh.Tunnels;

/// <summary>Who is to drive a machine's tunnel.</summary>
internal enum TunnelDriver
{
    /// <summary>The kernel if it can, else the program.</summary>
    Auto,

    /// <summary>The kernel alone.</summary>
    Kernel,

    /// <summary>The program <c>wireguard-go</c> alone.</summary>
    Program,
}
