using Holdfast.Core.Sources;

namespace Holdfast.Core.Tests.Sources;

public sealed class SourcePatternTests
{
    [Theory]
    [InlineData("*.log", "app.log", FileKind.Wanted)]
    [InlineData("*.log", "app-2026-03-01.log", FileKind.Wanted)]
    [InlineData("*.log", "app.log.1", FileKind.Rotated)]
    [InlineData("*.log", "app.log-20260301", FileKind.Rotated)]
    [InlineData("*.log", "app.log.1.gz", FileKind.Other)]
    [InlineData("*.log", "app.txt", FileKind.Other)]
    [InlineData("*.log", ".app.log.swp", FileKind.Other)]
    [InlineData("app.log", "app.log.2", FileKind.Rotated)]
    [InlineData("app.log", "app.2026-03-01.0.log", FileKind.Rotated)]
    [InlineData("app.log", "app-1.log", FileKind.Rotated)]
    [InlineData("app.log", "apple.log", FileKind.Other)]
    [InlineData("app.log*", "app.log.7", FileKind.Wanted)]
    [InlineData("app.log*", "app.log.7.zst", FileKind.Other)]
    [InlineData("trace", "trace_1", FileKind.Rotated)]
    public void A_name_is_asked_for_or_what_rotation_made_of_one_that_is(string pattern, string name, FileKind kind) =>
        Assert.Equal(kind, SourcePattern.Of("logs/" + pattern, "/data", "utf-8").Judge(name));

    [Fact]
    public void A_path_is_relative_to_the_data_folder_or_of_the_host()
    {
        var own = SourcePattern.Of("logs/*/app.log", "/h/instances/orders-0", "gbk");
        Assert.Equal(("/h/instances/orders-0", "logs,*", "app.log", "gbk", ""), (own.Root, string.Join(',', own.Folders), own.Name, own.Encoding, own.Shown));
        var inside = SourcePattern.Of("/h/instances/orders-0/app.log", "/h/instances/orders-0", "utf-8");
        Assert.Equal(("/h/instances/orders-0", "", "app.log"), (inside.Root, string.Join(',', inside.Folders), inside.Name));
        var host = SourcePattern.Of("/var/log/orders/*.log", "/h/instances/orders-0", "utf-8");
        Assert.Equal(("/", "var,log,orders", "*.log", "/"), (host.Root, string.Join(',', host.Folders), host.Name, host.Shown));
        var drive = SourcePattern.Of(@"D:\logs\*.log", @"C:\ProgramData\Holdfast\instances\orders-0", "utf-8");
        Assert.Equal(("D:/", "logs", "*.log", "D:/"), (drive.Root, string.Join(',', drive.Folders), drive.Name, drive.Shown));
    }
}
