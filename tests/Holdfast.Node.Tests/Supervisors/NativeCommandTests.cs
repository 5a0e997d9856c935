using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Node.Tests.Supervisors;

public sealed class NativeCommandTests
{
    [Theory]
    [InlineData("\"C:\\Program Files\\Holdfast\\1\\holdfast-supervisor.exe\" native --home \"C:\\h\" --service a", "D:\\2", "\"D:\\2\\holdfast-supervisor.exe\" native --home \"C:\\h\" --service a")]
    [InlineData("\"C:\\1\\holdfast.exe\" agent --native", "D:\\2 3\\", "\"D:\\2 3\\holdfast.exe\" agent --native")]
    [InlineData("C:\\1\\holdfast-supervisor.exe native", "D:\\2", "\"D:\\2\\holdfast-supervisor.exe\" native")]
    public void Another_folder_changes_nothing_but_the_folder(string line, string folder, string expected) => Assert.Equal(expected, NativeCommand.WithFolder(line, folder));

    [Fact]
    public void The_executable_of_a_line_is_found_again()
    {
        var line = NativeCommand.Line("C:\\Program Files\\h\\holdfast-supervisor.exe", new Home("C:\\home"), "orders", ownAccount: true);
        Assert.Equal("C:\\Program Files\\h\\holdfast-supervisor.exe", NativeCommand.ExecutableOf(line));
        Assert.EndsWith(" --service orders --own-account", line, StringComparison.Ordinal);
    }
}
