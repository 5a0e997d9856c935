using System.Globalization;
using System.Runtime.Versioning;
using Holdfast.Core.Services;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>
/// A controller that is still in a version 1 tree. Its cgroups serve the limit only, and exist only for containers that have it:
/// entering one costs milliseconds (the kernel waits for all its cores), membership in the unified tree does not.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Version1Limiter(LimitKind kind, string folder) : ILimiter
{
    public string Name => kind.Name;

    public string? Apply(string container, string cgroup, LimitsSpec limits)
    {
        var value = kind.Value(limits);
        var own = FolderOf(container);
        if (value is null && !Directory.Exists(own))
            return null;
        if (CgroupFiles.MakeFolder(own) is var errno and not 0)
            return $"{own}: {Errno.Describe(errno)}";
        if (Write(own, kind.Version1(value)) is { } failure)
            return failure;

        // What already runs comes under it now; what is born meanwhile enters by itself.
        foreach (var pid in CgroupFiles.Members(cgroup))
            _ = CgroupFiles.Write(Path.Join(own, "cgroup.procs"), pid.ToString(CultureInfo.InvariantCulture));
        return null;
    }

    public string? Join(string container, LimitsSpec limits) => kind.Value(limits) is null ? null : FolderOf(container);

    public void Remove(string container) => _ = CgroupFiles.RemoveTree(FolderOf(container));

    public void Close() => _ = Libc.RemoveFolder(folder);

    private string FolderOf(string container) => Path.Join(folder, container);

    private string? Write(string own, IReadOnlyList<(string File, string Text)> settings)
    {
        // The last writing of a file decides: an earlier one may fail by the order alone.
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, text) in settings)
        {
            failures.Remove(file);
            var errno = CgroupFiles.Write(Path.Join(own, file), text);
            if (errno != 0 && !(errno == Errno.ENOENT && kind.MayLack.Contains(file)))
                failures[file] = $"{file}: {Errno.Describe(errno)}";
        }

        return failures.Values.FirstOrDefault();
    }
}
