using Sojourn.Kinds.Agents.Driving;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Agents;

/// <summary>How much memory is left for another program, by the files of Linux.</summary>
public sealed class FreeMemoryTests : IDisposable
{
    private const long Mebi = 1 << 20;

    private readonly ScratchDirectory _root = new();

    public FreeMemoryTests() =>
        Write("proc/meminfo", "MemTotal:       16384000 kB\nMemFree:  1 kB\nMemAvailable:    8192000 kB\n");

    [Fact]
    public void A_machine_of_ones_own_has_what_is_available()
    {
        Write("proc/self/cgroup", "0::/\n");
        Free.ShouldBe(8192000L << 10);
    }

    [Fact]
    public void A_container_has_what_is_left_of_its_own_limit()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/memory.max", $"{512 * Mebi}\n");
        Write("sys/fs/cgroup/memory.current", $"{400 * Mebi}\n");
        Free.ShouldBe(112 * Mebi);

        // What is only kept of files is as good as free.
        Write("sys/fs/cgroup/memory.stat", $"anon 1\ninactive_file {100 * Mebi}\nactive_file 7\n");
        Free.ShouldBe(212 * Mebi);

        Write("sys/fs/cgroup/memory.max", "max\n");
        Free.ShouldBe(8192000L << 10);
    }

    [Fact]
    public void Of_groups_within_groups_the_narrowest_counts()
    {
        Write("proc/self/cgroup", "0::/work.slice/sojourn.service\n");
        Write("sys/fs/cgroup/work.slice/memory.max", $"{300 * Mebi}\n");
        Write("sys/fs/cgroup/work.slice/memory.current", $"{200 * Mebi}\n");
        Write("sys/fs/cgroup/work.slice/sojourn.service/memory.max", $"{900 * Mebi}\n");
        Write("sys/fs/cgroup/work.slice/sojourn.service/memory.current", $"{50 * Mebi}\n");
        Free.ShouldBe(100 * Mebi);

        // Beyond its limit, for a moment.
        Write("sys/fs/cgroup/work.slice/memory.current", $"{301 * Mebi}\n");
        Free.ShouldBe(0);
    }

    [Fact]
    public void The_first_version_of_control_groups_is_read_too()
    {
        // The path is that on the machine outside; in a container it is not there.
        Write("proc/self/cgroup", "5:cpu,cpuacct:/docker/0a\n4:memory:/docker/0a\n0::/docker/0a\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", $"{512 * Mebi}\n");
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", $"{412 * Mebi}\n");
        Write("sys/fs/cgroup/memory/memory.stat", $"inactive_file 1\ntotal_inactive_file {12 * Mebi}\n");
        Free.ShouldBe(112 * Mebi);

        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Free.ShouldBe(8192000L << 10);
    }

    [Fact]
    public void A_system_that_does_not_tell_is_not_guessed_at()
    {
        Directory.Delete(Path.Combine(_root.Path, "proc"), recursive: true);
        Free.ShouldBeNull();
    }

    public void Dispose() => _root.Dispose();

    private long? Free => FreeMemory.Read(_root.Path);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
