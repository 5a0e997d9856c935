using Holdfast.Platform;
using Holdfast.Platform.Tests;

namespace Holdfast.Windows.Selftest.Files;

public sealed class FileFactsTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Law01_a_change_of_content_or_another_file_changes_the_facts()
    {
        File.WriteAllText(folder["exe"], "one");
        var first = FileFactsReader.Read(folder["exe"])!;
        Assert.Equal(3, first.Size);
        Assert.Equal(first, FileFactsReader.Read(folder["exe"]));

        File.AppendAllText(folder["exe"], "more");
        var second = FileFactsReader.Read(folder["exe"])!;
        Assert.NotEqual(first.ChangeTime, second.ChangeTime);
        Assert.Equal(first.FileId, second.FileId);

        File.WriteAllText(folder["other"], "one");
        File.Move(folder["other"], folder["exe"], overwrite: true);
        Assert.NotEqual(first.FileId, FileFactsReader.Read(folder["exe"])!.FileId);
    }

    [Fact]
    public void The_change_time_is_about_now()
    {
        File.WriteAllText(folder["new"], "");
        var changed = DateTimeOffset.UnixEpoch.AddTicks(FileFactsReader.Read(folder["new"])!.ChangeTime / 100);
        Assert.InRange(TimeProvider.System.GetUtcNow() - changed, TimeSpan.FromSeconds(-5), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Folders_and_nothing_have_no_facts_unless_folders_are_asked_for()
    {
        Assert.Null(FileFactsReader.Read(folder.Path));
        Assert.Null(FileFactsReader.Read(folder["missing"]));
        Assert.NotNull(FileFactsReader.ReadEntry(folder.Path));
    }
}
