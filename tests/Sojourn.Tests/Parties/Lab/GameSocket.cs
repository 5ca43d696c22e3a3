using System.Net;
using System.Net.Sockets;
using System.Text;
using Sojourn.Tests.EndToEnd;

namespace Sojourn.Tests.Parties.Lab;

/// <summary>What a game on a member's machine has: a port, at which it speaks to all and listens.</summary>
internal sealed class GameSocket : IDisposable
{
    private readonly LabMember _member;
    private readonly Socket _socket;

    private GameSocket(LabMember member, Socket socket) => (_member, _socket) = (member, socket);

    public static async Task<GameSocket> OpenAsync(LabMember member, int port) =>
        new(member, await member.Host.Machine.DoAsync(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            {
                EnableBroadcast = true,
            };
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return socket;
        }));

    public async Task SendAsync(string text, string to) =>
        await _socket.SendToAsync(Encoding.UTF8.GetBytes(text), SocketFlags.None, IPEndPoint.Parse(to));

    /// <summary>What comes next from another machine.</summary>
    /// <returns>Who from, and what.</returns>
    public async Task<string> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(SojournProcess.Patience);
        var bytes = new byte[2048];
        while (true)
        {
            var got = await _socket.ReceiveFromAsync(
                bytes.AsMemory(), SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), patience.Token);
            var from = (IPEndPoint)got.RemoteEndPoint;
            // Linux gives a program what it sends to all, too.
            if (from.Address.ToString() != _member.Host.Address && from.Address.ToString() != _member.Now.Address)
                return $"{from}: {Encoding.UTF8.GetString(bytes, 0, got.ReceivedBytes)}";
        }
    }

    public void Dispose() => _socket.Dispose();
}
