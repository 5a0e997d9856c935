using System.Diagnostics;
using Holdfast.Core.Services;

namespace Holdfast.Node.Tests.Sources;

/// <summary>The folder is the service's, who may be hostile: nothing is read that is not a file of its own.</summary>
public sealed class ServiceFilesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("holdfast-files-");
    private readonly List<WritingService> services = [];

    public void Dispose()
    {
        foreach (var service in services) service.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Links_pipes_and_folders_are_not_read_and_links_are_told_of()
    {
        if (OperatingSystem.IsWindows()) return;
        var service = Service("logs/*.log");
        var other = Path.Combine(folder.FullName, "other");
        File.WriteAllText(other, "not yours\n");
        File.CreateSymbolicLink(service["link.log"], other);
        Directory.CreateDirectory(service["folder.log"]);
        using (var made = Process.Start("mkfifo", service["pipe.log"])) made.WaitForExit();
        service.Append("app.log", "mine\n");
        service.ReadAll();
        Assert.Equal(["mine"], service.Lines());
        Assert.Contains("logs/link.log is a link", Assert.Single(service.Follower.Status.Troubles), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_exchanged_for_a_link_leads_nowhere_and_nothing_counts_as_gone()
    {
        if (OperatingSystem.IsWindows()) return;
        var service = Service("logs/*.log");
        service.Append("app.log", "mine\n");
        service.ReadAll();
        var other = Directory.CreateDirectory(Path.Combine(folder.FullName, "other")).FullName;
        File.WriteAllText(Path.Combine(other, "passwords.log"), "not yours\n");
        Directory.Move(service.Logs, service.Logs + ".aside");
        Directory.CreateSymbolicLink(service.Logs, other);
        service.ReadAll();
        Assert.Contains("logs is a link", Assert.Single(service.Follower.Status.Troubles), StringComparison.Ordinal);
        Directory.Delete(service.Logs);
        Directory.Move(service.Logs + ".aside", service.Logs);
        service.Append("app.log", "mine too\n");
        service.ReadAll();
        Assert.Equal(["mine", "mine too"], service.Lines());
        Assert.Empty(service.Losses());
    }

    /// <summary>fluent-bit#11847 and others: who collects nothing does not look healthy.</summary>
    [Fact]
    public void FluentBit11847_what_may_not_be_read_is_told_and_read_when_it_may()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess) return;
        var service = Service("logs/*.log");
        service.Append("app.log", "one\n");
        File.SetUnixFileMode(service["app.log"], UnixFileMode.None);
        service.ReadAll();
        Assert.Contains("app.log", Assert.Single(service.Follower.Status.Troubles), StringComparison.Ordinal);
        Assert.Contains(service.Blocks(), block => block.Stream == Segments.StreamKind.Holdfast);
        File.SetUnixFileMode(service["app.log"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        service.ReadAll();
        Assert.Empty(service.Follower.Status.Troubles);
        Assert.Equal(["one"], service.Lines());
    }

    [Fact]
    public void Patterns_may_name_folders_and_a_file_of_two_patterns_is_read_once()
    {
        var service = Service("logs/*/app.log", "logs/*/*.log", "nowhere/*.log");
        foreach (var part in (string[])["eu", "us"])
        {
            Directory.CreateDirectory(service[part]);
            service.Append($"{part}/app.log", $"of {part}\n");
            service.Append($"{part}/other.log", $"other of {part}\n");
        }

        service.ReadAll();
        Assert.Equal(["of eu", "of us", "other of eu", "other of us"], service.Lines().Order(StringComparer.Ordinal));
        Assert.Equal(["logs/eu/app.log", "logs/eu/other.log", "logs/us/app.log", "logs/us/other.log"], service.Blocks().Select(block => block.Origin!.Path).Order(StringComparer.Ordinal));
        Assert.Empty(service.Follower.Status.Troubles);
    }

    private WritingService Service(params string[] patterns)
    {
        var service = new WritingService(Path.Combine(folder.FullName, $"{services.Count}"), TimeProvider.System, new OutputSpec { Files = [.. patterns.Select(pattern => new OutputFileSpec(pattern))] });
        services.Add(service);
        return service;
    }
}
