using Holdfast.Platform;
using Holdfast.Platform.Tests;

namespace Holdfast.Windows.Selftest.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

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
    public void A_held_lock_file_is_not_removed_from_under_its_holder()
    {
        using var held = FileLock.TryTake(folder["lock"], TimeProvider.System).Value;
        Assert.ThrowsAny<IOException>(() => File.Delete(folder["lock"]));
    }

    [Fact]
    public void A_missing_folder_is_told() => Assert.Equal("lock.failed", FileLock.TryTake(folder["missing/lock"], TimeProvider.System).Problems[0].Rule);
}
