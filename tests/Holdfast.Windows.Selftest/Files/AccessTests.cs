using System.Security.AccessControl;
using Holdfast.Core.Access;
using Holdfast.Platform;
using Holdfast.Platform.Tests;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Files;

namespace Holdfast.Windows.Selftest.Files;

public sealed class AccessTests : IDisposable
{
    private const string Owner = "S-1-5-19";
    private const string Group = "S-1-5-32-555";

    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(FolderRights.OwnerOnly, "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-19)")]
    [InlineData(FolderRights.OwnerAndGroup, "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-19)(A;OICI;FRFX;;;S-1-5-32-555)")]
    [InlineData(FolderRights.Passage, "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-19)(A;;0x1000a0;;;S-1-5-32-555)(A;;0x1000a0;;;AU)")]
    [InlineData(FolderRights.Public, "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-19)(A;OICI;FRFX;;;S-1-5-32-555)(A;OICI;FRFX;;;AU)")]
    public void A_mode_is_an_access_list_that_inherits_nothing(UnixFileMode mode, string text) =>
        Assert.Equal(text, AccessText.Of(mode, folder: true, Owner, Group));

    [Fact]
    public void A_file_that_is_only_read_can_still_be_removed_by_its_owner() =>
        Assert.Equal("D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRRCWDSD;;;S-1-5-19)", AccessText.Of(UnixFileMode.UserRead, folder: false, Owner, null));

    [Theory]
    [InlineData(AccessRights.Read, true, "(A;OICI;FR;;;S-1-5-32-555)(A;;0x1000a0;;;S-1-5-32-555)")]
    [InlineData(AccessRights.Read | AccessRights.Execute, true, "(A;OICI;FRFX;;;S-1-5-32-555)")]
    [InlineData(AccessRights.Execute, false, "(A;;FX;;;S-1-5-32-555)")]
    public void A_named_group_has_entries_of_its_own_and_passes_through_folders(AccessRights rights, bool isFolder, string entries)
    {
        var text = AccessText.Of(FolderRights.OwnerOnly, isFolder, Owner, null, [new(Group, "the group team", rights)]);
        Assert.EndsWith(entries, text, StringComparison.Ordinal);
        var seen = WindowsAccess.Of(@"C:\app", new RawSecurityDescriptor($"O:BA{text}")).Entries.Single(entry => entry.Id == Group);
        Assert.Equal(isFolder ? rights | AccessRights.Execute : rights, seen.Rights);
    }

    [Fact]
    public void A_file_of_somebody_else_is_the_administrators_again()
    {
        File.WriteAllText(folder["exe"], "x");
        var file = new FileInfo(folder["exe"]);
        var access = file.GetAccessControl(AccessControlSections.Owner);
        using (Privilege.Hold(Privilege.Restore))
        {
            access.SetOwner(new System.Security.Principal.SecurityIdentifier(Owner));
            Assert.True(Record.Exception(() => file.SetAccessControl(access)) is null or UnauthorizedAccessException or InvalidOperationException or PrivilegeNotHeldException);
        }

        Assert.Empty(FolderRights.Set(folder["exe"], new FileRights(FolderRights.Public)).Problems);
        Assert.True(Sids.IsTrusted(AccessList.Of(folder["exe"])!.Owner!.Value));
    }

    [Theory]
    [InlineData("O:SYD:(A;;FA;;;SY)(A;;FRFX;;;WD)", false)]
    [InlineData("O:SYD:(A;;FA;;;SY)(A;;FW;;;AU)", true)]
    [InlineData("O:SYD:(A;;FA;;;SY)(A;;WD;;;BU)", true)]
    [InlineData("O:SYD:(A;;GA;;;BU)", true)]
    [InlineData("O:SYD:(A;OICIIO;FA;;;BU)", false)]
    [InlineData("O:SYD:(D;;FA;;;BU)", false)]
    [InlineData("O:BUD:(A;;FA;;;SY)", true)]
    public void Law01_who_may_change_a_file_is_seen(string text, bool strangers) =>
        Assert.Equal(strangers, AccessList.GivesStrangers(new RawSecurityDescriptor(text), AccessList.Change));

    /// <summary>A service's account may read what it runs; what it may write, it could run as something else the next time.</summary>
    [Theory]
    [InlineData("O:BAD:(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;S-1-5-19)", false)]
    [InlineData("O:BAD:(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFXFW;;;S-1-5-19)", true)]
    [InlineData("O:S-1-5-19D:(A;;FA;;;SY)(A;;FA;;;BA)", true)]
    public void Law01_an_account_that_is_not_trusted_is_a_stranger_to_what_it_runs(string text, bool strangers) =>
        Assert.Equal(strangers, AccessList.GivesOthers(new RawSecurityDescriptor(text), AccessList.Change, sid => sid != "S-1-5-19" && Sids.IsTrusted(sid)));

    [Fact]
    public void A_list_is_read_as_rights_and_its_owner_may_always_write()
    {
        var seen = WindowsAccess.Of(@"C:\app", new RawSecurityDescriptor("O:BAD:(A;;FA;;;SY)(A;;FR;;;AU)(A;;FX;;;AU)(A;;FW;;;S-1-5-19)(A;OICIIO;FA;;;BU)(D;;FA;;;BG)"));
        Assert.Equal(
            [(Sids.Administrators, AccessRights.Write), (Sids.LocalSystem, AccessRights.Read | AccessRights.Write | AccessRights.Execute), ("S-1-5-11", AccessRights.Read | AccessRights.Execute), ("S-1-5-19", AccessRights.Write)],
            seen.Entries.Select(entry => (entry.Id, entry.Rights)));
        Assert.False(seen.FirstDecides);
        Assert.Equal("S-1-1-0", WindowsAccess.Of(@"C:\app", new RawSecurityDescriptor(ControlFlags.None, new(Sids.LocalSystem), null, null, null)).Entries[1].Id);
    }

    [Fact]
    public void Law01_no_list_at_all_gives_everything_to_everybody() =>
        Assert.True(AccessList.GivesStrangers(new RawSecurityDescriptor(ControlFlags.None, new(Sids.LocalSystem), null, null, null), AccessList.Change));

    [Fact]
    public void Everybody_makes_folders_in_the_root_of_a_drive_and_that_opens_no_program()
    {
        var root = new RawSecurityDescriptor("O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;0x4;;;BU)(A;CIIO;0x2;;;BU)");
        Assert.False(AccessList.GivesStrangers(root, AccessList.Replace));
        Assert.True(AccessList.GivesStrangers(new RawSecurityDescriptor("O:SYD:(A;;FA;;;SY)(A;;0x2;;;BU)"), AccessList.AddBeside));
    }

    [Fact]
    public void A_folder_is_made_and_takes_other_rights()
    {
        Assert.True(FolderRights.Ensure(folder["a/b"], FolderRights.Public).IsOk);
        Assert.True(FolderRights.Ensure(folder["a/b"], FolderRights.OwnerOnly).IsOk);
        File.WriteAllText(folder["a/b/file"], "ours");
        Assert.Equal("ours", File.ReadAllText(folder["a/b/file"]));
        Assert.Equal("rights.set-failed", FolderRights.Set(folder["missing"], FolderRights.OwnerOnly).Problems[0].Rule);
    }

    [Fact]
    [Running.WineLacks("access lists that are kept: Wine makes modes of them")]
    public void A_folder_has_exactly_the_list_that_was_meant()
    {
        Assert.True(FolderRights.Ensure(folder["only"], FolderRights.OwnerOnly).IsOk);
        var access = new DirectoryInfo(folder["only"]).GetAccessControl(AccessControlSections.Access);
        Assert.True(access.AreAccessRulesProtected);
        var text = access.GetSecurityDescriptorSddlForm(AccessControlSections.Access);
        Assert.Equal($"(A;OICI;FA;;;SY)(A;OICI;FA;;;BA){(Sids.OwnIsAdministrator ? "" : $"(A;OICI;FA;;;{Sids.Own})")}", text[text.IndexOf('(', StringComparison.Ordinal)..]);
    }

    [Fact]
    [Running.WineLacks("access lists that are kept: Wine makes modes of them")]
    public void Law01_a_file_that_users_may_write_is_writable_by_others_and_one_in_our_own_folder_is_not()
    {
        Assert.True(FolderRights.Ensure(folder["own"], FolderRights.OwnerOnly).IsOk);
        File.WriteAllText(folder["own/exe"], "x");
        Assert.False(FileFactsReader.Read(folder["own/exe"])!.WritableByOthers);
        Assert.True(FolderRights.Set(folder["own/exe"], FolderRights.OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherWrite).IsOk);
        Assert.True(FileFactsReader.Read(folder["own/exe"])!.WritableByOthers);
        Assert.True(FolderRights.Set(folder["own"], FolderRights.OwnerOnly | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute).IsOk);
        Assert.Equal(folder["own"], FileFactsReader.OpenFolderAbove(folder["own/exe"]));
    }
}
