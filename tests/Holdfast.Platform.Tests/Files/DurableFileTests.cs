using Holdfast.Core.Problems;

namespace Holdfast.Platform.Tests.Files;

public sealed class DurableFileTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_replaced_whole_with_the_rights_that_were_asked_for()
    {
        Assert.True(DurableFile.Write(folder["state"], "one"u8, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite).IsOk);
        Assert.True(DurableFile.Write(folder["state"], "two"u8).IsOk);
        Assert.Equal("two", File.ReadAllText(folder["state"]));
        Assert.Equal(DurableFile.OwnerOnly, File.GetUnixFileMode(folder["state"]));
        Assert.Equal([folder["state"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_a_problem_and_not_an_exception()
    {
        var failed = DurableFile.Write(folder["missing/state"], "new"u8);
        Assert.Equal("file.write-failed", failed.Problems[0].Rule);
        Assert.Equal(ProblemKind.Failed, failed.Problems[0].Kind);
    }

    [Fact]
    public void Renaming_onto_a_folder_fails_and_leaves_no_unfinished_file()
    {
        Directory.CreateDirectory(folder["state"]);
        Assert.False(DurableFile.Write(folder["state"], "new"u8).IsOk);
        Assert.Equal([folder["state"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_a_dead_writer_left_is_swept_and_nothing_else()
    {
        File.WriteAllText(folder[".state.123-1.unfinished"], "half");
        File.WriteAllText(folder["state"], "whole");
        DurableFolder.Sweep(folder.Path);
        Assert.Equal([folder["state"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Deleting_is_done_also_when_there_is_nothing()
    {
        DurableFile.Write(folder["state"], "x"u8);
        Assert.True(DurableFile.Delete(folder["state"]).IsOk);
        Assert.False(File.Exists(folder["state"]));
        Assert.True(DurableFile.Delete(folder["state"]).IsOk);
    }
}
