using System.Buffers.Binary;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Windows.Selftest.Fakes;

/// <summary>A fake of the local security authority that reads what it is passed by the offsets of ntsecapi.h for 64 bits, and records it.</summary>
internal sealed unsafe class FakeLsaApi : ILsaApi
{
    private const int StatusAccessDenied = unchecked((int)0xc0000022);

    /// <summary>What the policy was opened for.</summary>
    public uint Access { get; private set; }

    /// <summary>The SID's bytes, and the right's name.</summary>
    public (string Sid, string Right)? Granted { get; private set; }

    public bool IsOpen { get; private set; }

    public bool Denies { get; set; }

    public int OpenPolicy(void* attributes, uint access, out nint policy)
    {
        policy = 42;
        // LSA_OBJECT_ATTRIBUTES: its length, and nothing in it.
        var bytes = new ReadOnlySpan<byte>(attributes, 48);
        Assert.Equal(48u, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        Assert.True(bytes[8..].IndexOfAnyExcept((byte)0) < 0);
        Access = access;
        IsOpen = true;
        return 0;
    }

    public int AddAccountRights(nint policy, byte* sid, void* rights, uint count)
    {
        Assert.Equal((42, 1u, true), (policy, count, IsOpen));
        if (Denies) return StatusAccessDenied;
        // LSA_UNICODE_STRING: length and room in bytes, and a pointer at 8.
        var head = new ReadOnlySpan<byte>(rights, 16);
        var (length, room) = (BinaryPrimitives.ReadUInt16LittleEndian(head), BinaryPrimitives.ReadUInt16LittleEndian(head[2..]));
        Assert.Equal(length + 2, room);
        var text = *(char**)((byte*)rights + 8);
        Granted = (Convert.ToHexString(new ReadOnlySpan<byte>(sid, 8 + (4 * sid[1]))), new string(text, 0, length / 2));
        return 0;
    }

    public int Close(nint policy)
    {
        IsOpen = false;
        return 0;
    }

    public uint ToWin32(int status) => status == StatusAccessDenied ? 5u : 317u;
}
