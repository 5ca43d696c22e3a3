using Microsoft.Extensions.Logging;
using Sojourn.Sqlite.Journal;

namespace Sojourn.Sqlite;

/// <summary>How a start brings what the journal has into memory, over SQLite.</summary>
public sealed partial class JournaledStore
{
    /// <inheritdoc />
    public async ValueTask OpenAsync(CancellationToken giveUp)
    {
        await _below.OpenAsync(giveUp).ConfigureAwait(false);
        MakeFolder();
        _damaged.Load();
        var files = JournalFiles.Find(_folder);
        var applied = _below.Applied;
        _overlay.Open(applied, await BusyAsync(giveUp).ConfigureAwait(false));
        var replay = new Replay(_overlay, _below, files);
        await replay.RunAsync(applied.Sequence, giveUp).ConfigureAwait(false);
        KeepDamage(replay);
        LogReplayed(replay.Batches, files.IsTorn);
        try
        {
            _journal.Open(files, replay.LastSequence);
        }
        catch (IOException full)
        {
            // What is there can be read, and SQLite may yet free what the journal needs. Commits are refused until
            // then.
            LogNoJournal(full);
        }

        _folding = new Folder(new JournalParts(_below, _overlay, _journal, _damaged), _options, _time, _log);
        if (replay.Batches > 0)
        {
            _folding.Notice();
        }
    }

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(
                _folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Disk.FlushDirectory(Path.GetDirectoryName(_folder)!);
        // What a start that was cut short left of segments to come.
        foreach (var left in Directory.EnumerateFiles(_folder, "*.tmp"))
        {
            File.Delete(left);
        }
    }

    private async Task<List<BusySession>> BusyAsync(CancellationToken giveUp)
    {
        const int Page = 1000;
        var all = new List<BusySession>();
        var census = await _below.CensusAsync(giveUp).ConfigureAwait(false);
        foreach (var kind in census.ByStatus.Select(count => count.Kind).Distinct(StringComparer.Ordinal))
        {
            for (List<BusySession>? page = null; page is null || page.Count == Page;)
            {
                page = await _below.FindBusyAsync(kind, null, page?[^1].Number ?? 0, Page, giveUp)
                    .ConfigureAwait(false);
                all.AddRange(page);
            }
        }

        return all;
    }

    /// <summary>Keeps aside what is damaged, before the log is freed.</summary>
    private void KeepDamage(Replay replay)
    {
        if (replay.DamagedSegments.Count > 0)
        {
            var aside = Directory.CreateDirectory(Path.Combine(_folder, "damaged")).FullName;
            foreach (var segment in replay.DamagedSegments)
            {
                var copy = $"{Path.GetFileNameWithoutExtension(segment.Path)}-{replay.LastSequence}.log";
                File.Copy(segment.Path, Path.Combine(aside, copy), overwrite: true);
            }
        }

        if (replay.Damaged.Count > 0)
        {
            _damaged.Add(replay.Damaged);
        }

        _unknown.AddRange(replay.Unknown);
        foreach (var sentence in replay.Damaged.Select(damaged => $"{damaged.Key}: {damaged.Reason}")
            .Concat(replay.Unknown))
        {
            LogDamaged(sentence);
        }
    }

    [LoggerMessage(210, LogLevel.Information,
        "{Batches} batches of the journal were read again; the last one was cut short by a crash: {IsTorn}.")]
    private partial void LogReplayed(long batches, bool isTorn);

    [LoggerMessage(211, LogLevel.Error,
        "The journal is damaged, and a copy of it lies aside: {What} Other sessions are not concerned.")]
    private partial void LogDamaged(string what);

    [LoggerMessage(212, LogLevel.Error, "The journal has no room; commits are refused until it has.")]
    private partial void LogNoJournal(Exception full);
}
