using Holdfast.Testing.Clocks;

namespace Holdfast.Platform.Tests.Files;

public sealed class RightsAndFactsTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_gets_exactly_its_rights_whether_new_or_old()
    {
        Assert.True(FolderRights.Ensure(folder["a/b"], FolderRights.Public).IsOk);
        Assert.Equal(FolderRights.Public, File.GetUnixFileMode(folder["a/b"]));
        Assert.True(FolderRights.Ensure(folder["a/b"], FolderRights.OwnerOnly).IsOk);
        Assert.Equal(FolderRights.OwnerOnly, File.GetUnixFileMode(folder["a/b"]));
    }

    [Fact]
    public void The_rights_of_what_a_link_points_to_are_not_touched()
    {
        File.WriteAllText(folder["real"], "");
        File.CreateSymbolicLink(folder["link"], folder["real"]);
        var before = File.GetUnixFileMode(folder["real"]);
        Assert.Equal("rights.link", FolderRights.Set(folder["link"], FolderRights.Public).Problems[0].Rule);
        Assert.Equal(before, File.GetUnixFileMode(folder["real"]));
    }

    [Fact]
    public void Law01_a_change_of_content_rights_or_file_changes_the_facts()
    {
        File.WriteAllText(folder["exe"], "one");
        File.SetUnixFileMode(folder["exe"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var first = FileFactsReader.Read(folder["exe"])!;
        Assert.Equal(3, first.Size);
        Assert.False(first.WritableByOthers);
        Assert.Equal(first, FileFactsReader.Read(folder["exe"]));

        File.SetUnixFileMode(folder["exe"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        var second = FileFactsReader.Read(folder["exe"])!;
        Assert.True(second.WritableByOthers);

        File.WriteAllText(folder["other"], "two");
        File.Move(folder["other"], folder["exe"], overwrite: true);
        Assert.NotEqual(first.FileId, FileFactsReader.Read(folder["exe"])!.FileId);
    }

    [Fact]
    public void Law01_a_folder_in_which_others_could_replace_the_file_is_named()
    {
        Directory.CreateDirectory(folder["shared/bin"]);
        File.WriteAllText(folder["shared/bin/exe"], "");
        File.SetUnixFileMode(folder["shared/bin"], FolderRights.Public);
        File.SetUnixFileMode(folder["shared"], FolderRights.Public);
        Assert.Null(FileFactsReader.OpenFolderAbove(folder["shared/bin/exe"]));

        File.SetUnixFileMode(folder["shared"], FolderRights.Public | UnixFileMode.OtherWrite);
        Assert.Equal(folder["shared"], FileFactsReader.OpenFolderAbove(folder["shared/bin/exe"]));

        File.SetUnixFileMode(folder["shared"], FolderRights.Public | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);
        Assert.Null(FileFactsReader.OpenFolderAbove(folder["shared/bin/exe"]));
    }

    [Fact]
    public void Links_folders_and_nothing_have_no_facts()
    {
        File.WriteAllText(folder["real"], "");
        File.CreateSymbolicLink(folder["link"], folder["real"]);
        Assert.Null(FileFactsReader.Read(folder["link"]));
        Assert.Null(FileFactsReader.Read(folder.Path));
        Assert.Null(FileFactsReader.Read(folder["missing"]));
    }

    [Fact]
    public void A_lock_names_its_holder_and_is_free_when_the_holder_is_gone()
    {
        using (FileLock.TryTake(folder["lock"], TimeProvider.System).Value)
        {
            var second = FileLock.TryTake(folder["lock"], TimeProvider.System).Problems[0];
            Assert.Equal("lock.held", second.Rule);
            Assert.Contains($"PID {Environment.ProcessId} since 20", second.What, StringComparison.Ordinal);
        }

        FileLock.TryTake(folder["lock"], TimeProvider.System).Value.Dispose();
    }

    [Fact]
    public async Task A_lock_that_is_held_for_a_moment_is_waited_for()
    {
        var clock = new ManualClock();
        var held = FileLock.TryTake(folder["lock"], clock).Value;
        var taking = FileLock.TakeAsync(folder["lock"], TimeSpan.FromSeconds(1), clock, CancellationToken.None);
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.False(taking.IsCompleted);
        held.Dispose();
        while (!taking.IsCompleted) clock.Advance(TimeSpan.FromMilliseconds(10));

        using var taken = (await taking).Value;
        var late = FileLock.TakeAsync(folder["lock"], TimeSpan.FromSeconds(1), clock, CancellationToken.None);
        while (!late.IsCompleted) clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal("lock.held", Assert.Single((await late).Problems).Rule);
    }
}
