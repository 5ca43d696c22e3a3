using Sojourn.Client.Play;

namespace Sojourn.Client;

public sealed partial class SojournClient
{
    /// <summary>The saves of a game that are kept on the server; nothing is sent yet.</summary>
    /// <param name="game">The game's name: an id of at most 58 characters.</param>
    /// <exception cref="ArgumentException">A name that no server could accept.</exception>
    public GameCloud Play(string game)
    {
        _ = Address.PlaySlots(game);
        return new GameCloud(this, game);
    }
}
