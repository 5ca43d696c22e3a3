using Microsoft.Extensions.Logging.Abstractions;
using Sojourn.Sqlite;
using Sojourn.Stores;

namespace Sojourn.Tests.Stores.Journal;

/// <summary>What every store promises, with everything still in the journal.</summary>
public sealed class JournaledStoreTests : StoreContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sojourn-test-").FullName;

    protected override bool Outlives => true;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override ISessionStore Make() => new JournaledStore(
        _directory, new JournalOptions { SegmentBytes = 64 << 10 }, TimeProvider.System, NullLogger.Instance);
}

/// <summary>What every store promises, while each batch is on its way from the journal into SQLite.</summary>
public sealed class FoldingStoreTests : StoreContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sojourn-test-").FullName;

    protected override bool Outlives => true;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override ISessionStore Make() => new JournaledStore(
        _directory,
        new JournalOptions { SegmentBytes = 64 << 10, FoldBytes = 1 },
        TimeProvider.System,
        NullLogger.Instance);
}
