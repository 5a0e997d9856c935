using System.Buffers.Binary;
using Holdfast.Core.Access;

namespace Holdfast.Platform.Linux;

/// <summary>
/// A file's access list as the kernel keeps it in the attribute <c>system.posix_acl_access</c> (a folder's also in <c>…_default</c>, for what is made
/// in it): a version, and eight bytes for each entry: tag, rights, number. In the order that the kernel wants.
/// </summary>
internal static class PosixAcl
{
    private const uint Version = 2;
    private const int EntryBytes = 8;
    private const uint NoNumber = uint.MaxValue;
    private const ushort Owner = 0x01;
    private const ushort User = 0x02;
    private const ushort OwningGroup = 0x04;
    private const ushort Group = 0x08;
    private const ushort Mask = 0x10;
    private const ushort Other = 0x20;

    /// <param name="named">Users (<c>u:1001</c>) and groups (<c>g:1002</c>), at least one.</param>
    public static byte[] Of(UnixFileMode mode, IReadOnlyList<NamedAccess> named, bool isFolder)
    {
        var (user, group, other) = ((ushort)(((int)mode >> 6) & 7), (ushort)(((int)mode >> 3) & 7), (ushort)((int)mode & 7));
        var each = named.GroupBy(one => one.Id).Select(of => (Tag: of.Key[0] == 'u' ? User : Group, Number: NumberOf(of.Key), Rights: of.Aggregate((ushort)0, (all, one) => (ushort)(all | Bits(one.Of(isFolder))))))
            .OrderBy(entry => entry.Tag).ThenBy(entry => entry.Number).ToList();
        var mask = each.Aggregate(group, (all, entry) => (ushort)(all | entry.Rights));
        (ushort Tag, uint Number, ushort Rights)[] entries =
        [
            (Owner, NoNumber, user), .. each.Where(entry => entry.Tag == User).Select(entry => (entry.Tag, entry.Number, entry.Rights)),
            (OwningGroup, NoNumber, group), .. each.Where(entry => entry.Tag == Group).Select(entry => (entry.Tag, entry.Number, entry.Rights)),
            (Mask, NoNumber, mask), (Other, NoNumber, other),
        ];
        var bytes = new byte[sizeof(uint) + (entries.Length * EntryBytes)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Version);
        foreach (var (index, (tag, number, rights)) in entries.Index())
        {
            var at = bytes.AsSpan(sizeof(uint) + (index * EntryBytes));
            BinaryPrimitives.WriteUInt16LittleEndian(at, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(at[2..], rights);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], number);
        }

        return bytes;
    }

    /// <summary>
    /// What a list gives, the mask applied, without owner and others, whom the mode tells: the owning group (null: its number), and who has an entry of
    /// his own. Null: it is none that we know.
    /// </summary>
    public static IReadOnlyList<(bool IsUser, uint? Number, AccessRights Rights)>? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(uint) || (bytes.Length - sizeof(uint)) % EntryBytes != 0 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Version) return null;
        var entries = new List<(ushort Tag, uint Number, ushort Rights)>();
        for (var at = bytes[sizeof(uint)..]; at.Length > 0; at = at[EntryBytes..])
            entries.Add((BinaryPrimitives.ReadUInt16LittleEndian(at), BinaryPrimitives.ReadUInt32LittleEndian(at[4..]), BinaryPrimitives.ReadUInt16LittleEndian(at[2..])));
        var mask = entries.Where(entry => entry.Tag == Mask).Select(entry => (int)entry.Rights).DefaultIfEmpty(7).First();
        return [.. entries.Where(entry => entry.Tag is User or OwningGroup or Group)
            .Select(entry => (entry.Tag == User, entry.Tag == OwningGroup ? (uint?)null : entry.Number, RightsOf(entry.Rights & mask)))];
    }

    /// <summary>Of three bits.</summary>
    public static AccessRights RightsOf(int bits) =>
        ((bits & 4) != 0 ? AccessRights.Read : 0) | ((bits & 2) != 0 ? AccessRights.Write : 0) | ((bits & 1) != 0 ? AccessRights.Execute : 0);

    private static ushort Bits(AccessRights rights) =>
        (ushort)((rights.HasFlag(AccessRights.Read) ? 4 : 0) | (rights.HasFlag(AccessRights.Write) ? 2 : 0) | (rights.HasFlag(AccessRights.Execute) ? 1 : 0));

    private static uint NumberOf(string id) => uint.Parse(id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
}
