namespace Sojourn.Server.Agents;

/// <summary>Who is attached to what, by the names that clients give themselves. Safe from any thread.</summary>
internal sealed class AttachedNames
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(SessionKey Session, string Name), int> _connections = [];

    /// <summary>A client with a name has come; without one nothing is noted.</summary>
    public void Enter(SessionKey session, string? name)
    {
        if (name is null)
        {
            return;
        }

        lock (_gate)
        {
            _connections[(session, name)] = _connections.GetValueOrDefault((session, name)) + 1;
        }
    }

    /// <summary>A client that has come has left.</summary>
    /// <returns>True if nobody of its name is there any more.</returns>
    public bool Leave(SessionKey session, string name)
    {
        lock (_gate)
        {
            var left = _connections[(session, name)] - 1;
            if (left > 0)
            {
                _connections[(session, name)] = left;
                return false;
            }

            _connections.Remove((session, name));
            return true;
        }
    }
}
