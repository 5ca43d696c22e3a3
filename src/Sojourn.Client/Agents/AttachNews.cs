namespace Sojourn.Client.Agents;

/// <summary>
/// What an attached client sees, in order: one of the records in this file; <see cref="SojournClient.AttachAgent"/>.
/// </summary>
public abstract record AttachNews
{
    private protected AttachNews()
    {
    }
}

/// <summary>The connection stands: how the session is, and where its log goes on.</summary>
/// <param name="Session">With its state.</param>
/// <param name="After">Events after this offset follow.</param>
/// <param name="IsWhole">False if events between what was seen and <paramref name="After"/> are left out.</param>
public sealed record AttachWelcome(Session Session, string After, bool IsWhole) : AttachNews;

/// <summary>Something happened.</summary>
/// <param name="Event">What.</param>
public sealed record AttachEvent(SessionEvent Event) : AttachNews;

/// <summary>How the terminal looks, instead of all that led there: empty one of this size and draw this.</summary>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">What draws it. Valid for good.</param>
public sealed record AttachScreen(int Columns, int Rows, ReadOnlyMemory<byte> Bytes) : AttachNews;

/// <summary>What the terminal draws further.</summary>
/// <param name="Bytes">Valid for good.</param>
public sealed record AttachOutput(ReadOnlyMemory<byte> Bytes) : AttachNews;

/// <summary>Keystrokes could not be brought to the program: it does not run, or does not read.</summary>
public sealed record AttachNotTyped : AttachNews;

/// <summary>The connection broke; it is tried again by itself, and nothing will be missed.</summary>
/// <param name="Reason">A few words for people.</param>
/// <param name="Attempt">1 for the first attempt since the connection last stood.</param>
/// <param name="RetryIn">How long until that attempt.</param>
public sealed record AttachLost(string Reason, int Attempt, TimeSpan RetryIn) : AttachNews;

/// <summary>The session was removed; nothing follows.</summary>
public sealed record AttachGone : AttachNews;
