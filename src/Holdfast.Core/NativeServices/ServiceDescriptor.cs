using System.Buffers.Binary;
using System.Globalization;

namespace Holdfast.Core.NativeServices;

/// <summary>
/// A service's access list as the SCM takes and gives it: a self-relative SECURITY_DESCRIPTOR, by the offsets of winnt.h. Bytes on any system.
/// </summary>
public static class ServiceDescriptor
{
    private const int HeadBytes = 20;
    private const int ListHeadBytes = 8;
    private const int EntryHeadBytes = 8;
    private const byte Revision = 1;
    private const byte ListRevision = 2;
    private const ushort ListPresent = 0x0004;
    private const ushort ListDefaulted = 0x0008;
    private const ushort SelfRelative = 0x8000;
    private const byte Allows = 0;
    private const byte Denies = 1;

    public static byte[] Of(ServiceRights rights)
    {
        ArgumentNullException.ThrowIfNull(rights);
        var entries = rights.Entries.Select(entry => (entry, Sid: SidBytes(entry.Sid))).ToList();
        var bytes = new byte[HeadBytes + ListHeadBytes + entries.Sum(one => EntryHeadBytes + one.Sid.Length)];
        bytes[0] = Revision;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), SelfRelative | ListPresent);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), HeadBytes);
        var list = bytes.AsSpan(HeadBytes);
        list[0] = ListRevision;
        BinaryPrimitives.WriteUInt16LittleEndian(list[2..], (ushort)list.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(list[4..], (ushort)entries.Count);
        var at = list[ListHeadBytes..];
        foreach (var (entry, sid) in entries)
        {
            var length = EntryHeadBytes + sid.Length;
            at[0] = entry.Denies ? Denies : Allows;
            BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)length);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], (uint)entry.Rights);
            sid.CopyTo(at[EntryHeadBytes..]);
            at = at[length..];
        }

        return bytes;
    }

    /// <summary>Null: it tells nothing of its list, or is none that we know.</summary>
    public static ServiceRights? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes || bytes[0] != Revision) return null;
        var control = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        if ((control & ListPresent) == 0) return null;
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        // A list that is there and is none gives everything to everybody.
        if (offset == 0) return new([new("S-1-1-0", ServiceRight.All)]);
        if (offset > bytes.Length - ListHeadBytes) return null;
        var at = bytes[(int)offset..];
        var count = BinaryPrimitives.ReadUInt16LittleEndian(at[4..]);
        // Nobody's list, that nobody has set: so says Wine, whatever was set.
        if (count == 0 && (control & ListDefaulted) != 0) return null;
        at = at[ListHeadBytes..];
        var entries = new List<ServiceEntry>(count);
        for (var i = 0; i < count; i++)
        {
            if (at.Length < EntryHeadBytes || BinaryPrimitives.ReadUInt16LittleEndian(at[2..]) is var length && (length < EntryHeadBytes || length > at.Length)) return null;
            if (at[0] > Denies || SidText(at[EntryHeadBytes..length]) is not { } sid) return null;
            entries.Add(new(sid, (ServiceRight)BinaryPrimitives.ReadUInt32LittleEndian(at[4..]), at[0] == Denies));
            at = at[length..];
        }

        return new(entries);
    }

    /// <summary>Revision, number of parts, authority (48 bits, the highest first), parts (32 bits each, the lowest first).</summary>
    private static byte[] SidBytes(string sid)
    {
        var parts = sid.Split('-');
        if (parts.Length < 3 || parts[0] != "S" || parts[1] != "1") throw new ArgumentException($"{sid} is no security identifier.", nameof(sid));
        var bytes = new byte[8 + ((parts.Length - 3) * sizeof(uint))];
        bytes[0] = Revision;
        bytes[1] = (byte)(parts.Length - 3);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (((ulong)bytes[0] << 56) | ((ulong)bytes[1] << 48)) | ulong.Parse(parts[2], CultureInfo.InvariantCulture));
        for (var i = 3; i < parts.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8 + ((i - 3) * sizeof(uint))), uint.Parse(parts[i], CultureInfo.InvariantCulture));
        return bytes;
    }

    private static string? SidText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || bytes[0] != Revision || bytes.Length < 8 + (bytes[1] * sizeof(uint))) return null;
        var authority = BinaryPrimitives.ReadUInt64BigEndian(bytes) & 0xffffffffffff;
        var text = new System.Text.StringBuilder($"S-1-{authority.ToString(CultureInfo.InvariantCulture)}");
        for (var i = 0; i < bytes[1]; i++) text.Append(CultureInfo.InvariantCulture, $"-{BinaryPrimitives.ReadUInt32LittleEndian(bytes[(8 + (i * sizeof(uint)))..])}");
        return text.ToString();
    }
}
