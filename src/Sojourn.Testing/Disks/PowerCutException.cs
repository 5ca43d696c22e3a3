namespace Sojourn.Testing.Disks;

/// <summary>The power of a <see cref="SimulatedDisk"/> is off: a process would not be there to see this.</summary>
public sealed class PowerCutException : Exception
{
    internal PowerCutException()
        : base("The power is off. What the disk holds is told by its Survivors.")
    {
    }
}
