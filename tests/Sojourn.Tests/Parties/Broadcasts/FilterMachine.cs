using System.Buffers.Binary;
using Sojourn.Mesh.Ports;

namespace Sojourn.Tests.Parties.Broadcasts;

/// <summary>Runs programs of BPF as the kernel does, as far as ours need it.</summary>
/// <param name="direction">Who the packet is for; 4 for one that leaves.</param>
/// <param name="protocol">What it is of; 0x800 for IPv4.</param>
/// <param name="hardware">What the interface is; 1 for Ethernet, 772 for this machine itself.</param>
internal sealed class FilterMachine(uint direction = 4, uint protocol = 0x800, uint hardware = 1)
{
    private uint _accumulator;
    private uint _index;

    /// <returns>Whether the packet passes.</returns>
    public bool Passes(FilterStep[] program, byte[] packet)
    {
        (_accumulator, _index) = (0, 0);
        for (var at = 0; ; at++)
        {
            var step = program[at];
            if (step.Code == 0x06)
                return step.Operand > 0;
            at += step.Code == 0x05 ? (int)step.Operand : Jump(step);
            if (!Do(step, packet))
                return false;
        }
    }

    private int Jump(FilterStep step) => step.Code switch
    {
        0x15 => _accumulator == step.Operand ? step.IfTrue : step.IfFalse,
        0x25 => _accumulator > step.Operand ? step.IfTrue : step.IfFalse,
        0x35 => _accumulator >= step.Operand ? step.IfTrue : step.IfFalse,
        0x45 => (_accumulator & step.Operand) != 0 ? step.IfTrue : step.IfFalse,
        _ => 0,
    };

    /// <returns>False if it reads beyond the packet, which ends a program.</returns>
    private bool Do(FilterStep step, byte[] packet)
    {
        var (at, length) = step.Code switch
        {
            0x20 => (step.Operand, 4),
            0x28 => (step.Operand, 2),
            0x30 => (step.Operand, 1),
            0x48 => (step.Operand + _index, 2),
            _ => (0u, 0),
        };
        if (length > 0 && at < 0xFFFF_0000 && at + length > packet.Length)
            return false;
        _accumulator = (at, length, step.Code) switch
        {
            (0xFFFF_F004, _, _) => direction,
            (0xFFFF_F000, _, _) => protocol,
            (0xFFFF_F01C, _, _) => hardware,
            (_, 1, _) => packet[at],
            (_, 2, _) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan((int)at)),
            (_, 4, _) => BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan((int)at)),
            (_, _, 0x54) => _accumulator & step.Operand,
            _ => _accumulator,
        };
        _index = step.Code == 0xB1 ? (uint)(packet[0] & 15) * 4 : _index;
        return true;
    }
}
