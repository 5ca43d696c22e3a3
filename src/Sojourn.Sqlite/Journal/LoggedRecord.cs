using Sojourn.Stores;

namespace Sojourn.Sqlite.Journal;

/// <summary>How a session's record is written to the log.</summary>
internal static class LoggedRecord
{
    public static void Write(PayloadWriter to, SessionRecord record)
    {
        to.Number(record.Version);
        to.Text(record.Status);
        to.Flag(record.IsBusy);
        to.Flag(record.IsFinal);
        to.Time(record.CreatedAt);
        to.Time(record.LastActivityAt);
        to.Time(record.StatusSince);
        to.TimeOrNull(record.ExpiresAt);
        to.TimeOrNull(record.WakeAt);
        to.Number(record.BusySince);
        to.Number(record.FirstEvent);
        to.Number(record.LastEvent);
        Write(to, record.EventMarks);
        to.Number(record.Tails.Count);
        foreach (var (stream, tail) in record.Tails)
        {
            to.Text(stream);
            to.Number(tail.First);
            to.Number(tail.Last);
            Write(to, tail.Marks);
        }

        to.Number(record.Bytes);
        to.Number(record.Labels.Count);
        foreach (var (name, value) in record.Labels)
        {
            to.Text(name);
            to.Text(value);
        }

        WriteWindow(to, record.Operations);
        to.Flag(record.Reported is not null);
        if (record.Reported is { } reported)
        {
            to.Number(reported.Term);
            to.Number(reported.Number);
        }

        to.Bytes(record.State);
    }

    public static SessionRecord Read(ref PayloadReader from, SessionKey key) => new()
    {
        Key = key,
        Version = from.Number(),
        Status = from.Text(),
        IsBusy = from.Flag(),
        IsFinal = from.Flag(),
        CreatedAt = from.Time(),
        LastActivityAt = from.Time(),
        StatusSince = from.Time(),
        ExpiresAt = from.TimeOrNull(),
        WakeAt = from.TimeOrNull(),
        BusySince = from.Number(),
        FirstEvent = from.Number(),
        LastEvent = from.Number(),
        EventMarks = ReadMarks(ref from),
        Tails = ReadTails(ref from),
        Bytes = from.Number(),
        Labels = ReadLabels(ref from),
        Operations = from.Flag() ? new OperationWindow(from.Time(), (int)from.Number(), (int)from.Number()) : null,
        Reported = from.Flag() ? new DriverReport(from.Number(), from.Number()) : null,
        State = from.Bytes(),
    };

    public static void Flag(this PayloadWriter to, bool value) => to.Byte(value ? (byte)1 : (byte)0);

    public static void TimeOrNull(this PayloadWriter to, DateTimeOffset? time)
    {
        to.Flag(time is not null);
        if (time is { } known)
        {
            to.Time(known);
        }
    }

    private static void Write(PayloadWriter to, IReadOnlyList<LogMark> marks)
    {
        to.Number(marks.Count);
        for (var i = 0; i < marks.Count; i++)
        {
            to.Number(marks[i].First);
            to.Time(marks[i].At);
            to.Number(marks[i].Bytes);
        }
    }

    private static void WriteWindow(PayloadWriter to, OperationWindow? window)
    {
        to.Flag(window is not null);
        if (window is not null)
        {
            to.Time(window.Start);
            to.Number(window.Previous);
            to.Number(window.Current);
        }
    }

    private static LogMark[] ReadMarks(ref PayloadReader from)
    {
        var marks = new LogMark[from.Count()];
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = new LogMark(from.Number(), from.Time(), from.Number());
        }

        return marks;
    }

    private static Dictionary<string, StreamTail> ReadTails(ref PayloadReader from)
    {
        var tails = new Dictionary<string, StreamTail>(StringComparer.Ordinal);
        for (var left = from.Count(); left > 0; left--)
        {
            tails[from.Text()] = new StreamTail(from.Number(), from.Number(), ReadMarks(ref from));
        }

        return tails;
    }

    private static Dictionary<string, string> ReadLabels(ref PayloadReader from)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var left = from.Count(); left > 0; left--)
        {
            labels[from.Text()] = from.Text();
        }

        return labels;
    }
}
