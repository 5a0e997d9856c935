using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Platform.Tests;

namespace Holdfast.Windows.Selftest.Files;

public sealed class DurableFileTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_replaced_whole_and_nothing_stays_beside_it()
    {
        Assert.True(DurableFile.Write(folder["state"], "one"u8).IsOk);
        Assert.True(DurableFile.Write(folder["state"], "two"u8).IsOk);
        Assert.Equal("two", File.ReadAllText(folder["state"]));
        Assert.Equal([folder["state"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_name_in_Chinese_in_a_folder_with_spaces_is_a_name_like_any_other()
    {
        Directory.CreateDirectory(folder["中文 folder"]);
        Assert.True(DurableFile.Write(folder["中文 folder/状态.json"], "好"u8).IsOk);
        Assert.Equal("好", File.ReadAllText(folder["中文 folder/状态.json"]));
    }

    [Fact]
    public void A_missing_folder_is_a_problem_and_not_an_exception()
    {
        var failed = DurableFile.Write(folder["missing/state"], "new"u8);
        Assert.Equal("file.write-failed", failed.Problems[0].Rule);
        Assert.Equal(ProblemKind.Failed, failed.Problems[0].Kind);
        Assert.Throws<IOException>(() => DurableFolder.Sync(folder["missing"]));
    }

    [Fact]
    public void Renaming_onto_a_folder_fails_and_leaves_no_unfinished_file()
    {
        Directory.CreateDirectory(folder["state"]);
        Assert.False(DurableFile.Write(folder["state"], "new"u8).IsOk);
        Assert.Equal([folder["state"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_reader_that_has_the_old_file_open_for_a_moment_does_not_make_it_fail()
    {
        Assert.True(DurableFile.Write(folder["state"], "old"u8).IsOk);
        var reader = new FileStream(folder["state"], FileMode.Open, FileAccess.Read, FileShare.Read);
        var gone = new Thread(() =>
        {
            _ = SpinWait.SpinUntil(() => Directory.GetFiles(folder.Path, "*.unfinished").Length > 0, TimeSpan.FromSeconds(5));
            reader.Dispose();
        });
        gone.Start();
        Assert.True(DurableFile.Write(folder["state"], "new"u8).IsOk);
        gone.Join();
        Assert.Equal("new", File.ReadAllText(folder["state"]));
    }

    [Fact]
    public void What_a_dead_writer_left_is_swept_and_nothing_else()
    {
        File.WriteAllText(folder[".state.123-1.unfinished"], "half");
        File.WriteAllText(folder["state"], "whole");
        Assert.True(DurableFolder.Sweep(folder.Path).IsOk);
        Assert.Equal([folder["state"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Deleting_is_done_also_when_there_is_nothing()
    {
        DurableFile.Write(folder["state"], "x"u8);
        Assert.True(DurableFile.Delete(folder["state"]).IsOk);
        Assert.False(File.Exists(folder["state"]));
        Assert.True(DurableFile.Delete(folder["state"]).IsOk);
        Assert.True(DurableFile.Delete(folder["missing/state"]).IsOk);
    }
}
