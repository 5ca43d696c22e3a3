namespace Sojourn;

/// <summary>
/// Marks an immutable record as a command that is answered with a <typeparamref name="TReply"/>. A command type belongs
/// to one kind. Its name on the wire is the type's, in kebab case: <c>EditScene</c> is <c>edit-scene</c>.
/// </summary>
public interface ICommand<TReply>;

/// <summary>Marks an immutable record as a command whose acceptance is all there is to answer.</summary>
public interface ICommand : ICommand<Nothing>;

/// <summary>
/// Marks an immutable record as what begins a session whose state is a <typeparamref name="TState"/>.
/// </summary>
public interface IStart<TState>
    where TState : class;

/// <summary>The reply of a command that has nothing to say but "done".</summary>
public sealed record Nothing
{
    private Nothing()
    {
    }

    /// <summary>The only one there is.</summary>
    public static Nothing Value { get; } = new();
}
