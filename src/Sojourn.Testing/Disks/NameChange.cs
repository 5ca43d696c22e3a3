namespace Sojourn.Testing.Disks;

/// <summary>A change of a directory that is not flushed yet. Each may survive a power cut, or not, by itself.</summary>
internal abstract record NameChange
{
    /// <summary>Makes the change in what is on the disk, as far as what it needs is there.</summary>
    public abstract void ApplyTo(Dictionary<string, SimulatedFile> names);

    /// <summary>The same change, of copies of the files.</summary>
    public abstract NameChange With(Func<SimulatedFile, SimulatedFile> copyOf);

    public sealed record Created(string Name, SimulatedFile File) : NameChange
    {
        public override void ApplyTo(Dictionary<string, SimulatedFile> names) => names[Name] = File;

        public override NameChange With(Func<SimulatedFile, SimulatedFile> copyOf) => new Created(Name, copyOf(File));
    }

    /// <summary>At once or not at all: that much every file system promises.</summary>
    public sealed record Renamed(string From, string To, SimulatedFile File) : NameChange
    {
        public override void ApplyTo(Dictionary<string, SimulatedFile> names)
        {
            if (names.GetValueOrDefault(From) == File)
            {
                names.Remove(From);
            }

            names[To] = File;
        }

        public override NameChange With(Func<SimulatedFile, SimulatedFile> copyOf) =>
            new Renamed(From, To, copyOf(File));
    }

    public sealed record Deleted(string Name, SimulatedFile File) : NameChange
    {
        public override void ApplyTo(Dictionary<string, SimulatedFile> names)
        {
            if (names.GetValueOrDefault(Name) == File)
            {
                names.Remove(Name);
            }
        }

        public override NameChange With(Func<SimulatedFile, SimulatedFile> copyOf) => new Deleted(Name, copyOf(File));
    }
}
