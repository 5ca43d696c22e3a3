namespace Sojourn.Models;

/// <summary>What may help against a failure.</summary>
internal enum Cure
{
    /// <summary>Nothing that can be done here.</summary>
    None,

    /// <summary>The same call, later.</summary>
    Wait,

    /// <summary>The same question again: the model has answered, but not as it was asked to.</summary>
    AskAgain,
}

/// <summary>A model has not made a piece; the message is a sentence for people, and holds no secret.</summary>
internal sealed class ModelException(string message, Cure cure = Cure.None, TimeSpan? after = null)
    : Exception(message)
{
    public Cure Cure => cure;

    /// <summary>When the server wants to be asked again; null if it did not say.</summary>
    public TimeSpan? After => after;
}
