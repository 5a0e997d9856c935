using System.Buffers.Binary;
using Holdfast.Core.Access;
using Holdfast.Platform.Linux;

namespace Holdfast.Platform.Tests.Files;

/// <summary>Access lists of files on Linux: the kernel's bytes, and what it makes of them.</summary>
public sealed class AccessListTests : IDisposable
{
    private const UnixFileMode Closed = FolderRights.OwnerOnly;
    private static readonly NamedAccess Team = new("g:54321", "the group team", AccessRights.Read);

    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_list_is_the_kernel_s_bytes_in_its_order()
    {
        var bytes = PosixAcl.Of(FolderRights.OwnerAndGroup, [Team, new("g:7", "the group seven", AccessRights.Execute), new("u:1001", "payments", AccessRights.Read | AccessRights.Execute)], isFolder: false);
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        Assert.Equal(
            "01 7 -1, 02 5 1001, 04 5 -1, 08 1 7, 08 4 54321, 10 5 -1, 20 0 -1",
            string.Join(", ", bytes.Skip(4).Chunk(8).Select(entry => $"{entry[0]:x2} {entry[2]} {BitConverter.ToInt32(entry, 4)}")));
        Assert.Equal([(true, 1001, AccessRights.Read | AccessRights.Execute), (false, null, AccessRights.Read | AccessRights.Execute), (false, 7u, AccessRights.Execute), (false, 54321u, AccessRights.Read)], PosixAcl.Read(bytes)!);
        Assert.Null(PosixAcl.Read(bytes.AsSpan(1)));
    }

    [Fact]
    public void What_a_group_is_given_is_read_again_and_what_is_made_later_has_it_too()
    {
        var data = folder["data"];
        Assert.Empty(FolderRights.Ensure(data, new FileRights(Closed) { Named = [Team] }).Problems);
        Assert.Equal(AccessRights.Read | AccessRights.Execute, RightsOf(data));
        File.WriteAllText(Path.Combine(data, "ledger.db"), "");
        Assert.Equal(AccessRights.Read, RightsOf(Path.Combine(data, "ledger.db")));
        Directory.CreateDirectory(Path.Combine(data, "below"));
        Assert.Equal(AccessRights.Read | AccessRights.Execute, RightsOf(Path.Combine(data, "below")));
        Assert.False(FileFactsReader.ReadEntry(data)!.WritableByOthers);
    }

    [Fact]
    public void Rights_that_are_said_exactly_leave_no_list()
    {
        var file = folder["file"];
        File.WriteAllText(file, "");
        Assert.Empty(FolderRights.Set(file, new FileRights(Closed) { Named = [Team] }).Problems);
        Assert.Equal(AccessRights.Read, RightsOf(file));
        Assert.Empty(FolderRights.Set(file, new FileRights(UnixFileMode.UserRead)).Problems);
        Assert.Null(RightsOf(file));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_group_is_known_by_name_or_number_and_one_that_is_not_there_is_told()
    {
        Assert.Equal("g:0", AccountDirectory.GroupEntry("root").Value);
        Assert.Equal("g:54321", AccountDirectory.GroupEntry("54321").Value);
        Assert.Equal("account.no-such-group", Assert.Single(AccountDirectory.GroupEntry("no-such-team").Problems).Rule);
    }

    private static AccessRights? RightsOf(string path) => AccessReader.Read(path)!.Entries.FirstOrDefault(entry => entry.Id == Team.Id)?.Rights;
}
