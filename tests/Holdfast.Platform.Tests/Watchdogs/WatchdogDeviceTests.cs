using System.Diagnostics;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Watchdogs;

namespace Holdfast.Platform.Tests.Watchdogs;

/// <summary>What of a watchdog can be shown without one: a named pipe for the device, as Patroni does it, and a folder for what the kernel tells of it.</summary>
public sealed class WatchdogDeviceTests : IDisposable
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hf-watchdog");

    private string Device => Path.Combine(folder.FullName, "watchdog1");

    private string Class => Path.Combine(folder.FullName, "class");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_pet_is_a_byte_and_only_a_v_right_before_its_end_disarms()
    {
        using var reader = Pipe();
        var watchdog = PosixWatchdog.TakeOver(File.OpenHandle(Device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        Assert.True(watchdog.Pet().IsOk);
        Assert.True(watchdog.Pet().IsOk);
        Assert.True(watchdog.Disarm().IsOk);
        Assert.Equal("..V", Written(reader));
    }

    [Fact]
    public void To_let_go_of_it_writes_nothing_and_so_leaves_it_running()
    {
        using var reader = Pipe();
        using (var watchdog = PosixWatchdog.TakeOver(File.OpenHandle(Device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))) Assert.True(watchdog.Pet().IsOk);
        Assert.Equal(".", Written(reader));
    }

    [Fact]
    public void What_does_not_answer_as_a_watchdog_is_disarmed_again()
    {
        Tell("nowayout", "0");
        using var reader = Pipe();
        var opened = PosixWatchdog.Open(Device, Ten, Class);
        Assert.Equal("watchdog.none", Assert.Single(opened.Problems).Rule);
        Assert.Equal("V", Written(reader));
    }

    [Fact]
    public void One_that_cannot_be_disarmed_is_not_even_opened()
    {
        Tell("nowayout", "1");
        using var reader = Pipe();
        Assert.Equal("watchdog.no-way-out", Assert.Single(PosixWatchdog.Open(Device, Ten, Class).Problems).Rule);
        Assert.Equal("", Written(reader));
    }

    [Fact]
    public void One_of_which_nobody_says_whether_it_can_be_disarmed_is_not_opened()
    {
        using var reader = Pipe();
        var problem = Assert.Single(PosixWatchdog.Open(Device, Ten, Class).Problems);
        Assert.Equal("watchdog.none", problem.Rule);
        Assert.Contains("whether it can be disarmed", problem.Why, StringComparison.Ordinal);
        Assert.Equal("", Written(reader));
    }

    [Fact]
    public void One_that_takes_only_more_seconds_names_the_lease_that_would_do()
    {
        Tell("nowayout", "0");
        Tell("min_timeout", "14");
        using var reader = Pipe();
        var problem = Assert.Single(PosixWatchdog.Open(Device, Ten, Class).Problems);
        Assert.Equal("watchdog.timeout", problem.Rule);
        Assert.Contains("a lease of 20 s or more", problem.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void The_one_without_a_number_is_the_first()
    {
        Tell("nowayout", "1", "watchdog0");
        var older = Path.Combine(folder.FullName, "watchdog");
        File.WriteAllText(older, "");
        Assert.Equal(new WatchdogClass(NoWayOut: true, null), WatchdogClass.Read(older, Class));
        Assert.Null(WatchdogClass.Read(Device, Class));
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        var problem = Assert.Single(WatchdogDevice.Open(Path.Combine(folder.FullName, "none"), Ten).Problems);
        Assert.Equal(("watchdog.none", ProblemKind.NotFound), (problem.Rule, problem.Kind));
        Assert.NotNull(WatchdogDevice.Check("/dev/null", Ten));
    }

    private void Tell(string name, string value, string device = "watchdog1")
    {
        Directory.CreateDirectory(Path.Combine(Class, device));
        File.WriteAllText(Path.Combine(Class, device, name), value + "\n");
    }

    /// <summary>Its reading end.</summary>
    private FileStream Pipe()
    {
        using var made = Process.Start("mkfifo", [Device]);
        made.WaitForExit();
        // To open it for both never waits for the other end.
        return new(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    private static string Written(FileStream reader)
    {
        // A word of our own at the end: a pipe that nobody writes to any more would be waited for.
        reader.Write("|"u8);
        var (text, buffer) = ("", new byte[64]);
        while (!text.EndsWith('|')) text += System.Text.Encoding.ASCII.GetString(buffer, 0, reader.Read(buffer));
        return text[..^1];
    }
}
