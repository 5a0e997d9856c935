using Holdfast.Platform;
using Holdfast.Platform.Tests;

namespace Holdfast.Windows.Selftest.Files;

public sealed class SharedFileTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>A supervisor ends by taking its name away, and the agent looks at that name all the time.</summary>
    [Fact]
    public void What_is_just_being_read_can_be_taken_away()
    {
        var path = Path.Combine(folder.Path, "identity.json");
        File.WriteAllText(path, "one");
        using (SharedFile.Open(path)) File.Delete(path);
        Assert.False(File.Exists(path));
        Assert.True(DurableFile.Write(path, "two"u8.ToArray()).IsOk);
        Assert.Equal("two", SharedFile.ReadAllText(path));
    }
}
