using System.Runtime.Versioning;
using Holdfast.Core.Services;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>A controller of the unified tree: the limit stands in the container's own folder.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UnifiedLimiter(LimitKind kind) : ILimiter
{
    public string Name => kind.Name;

    public string? Apply(string container, string cgroup, LimitsSpec limits)
    {
        foreach (var (file, text) in kind.Unified(kind.Value(limits)))
        {
            var errno = CgroupFiles.Write(Path.Join(cgroup, file), text);
            if (errno != 0 && !(errno == Errno.ENOENT && kind.MayLack.Contains(file)))
                return $"{file}: {Errno.Describe(errno)}";
        }

        return null;
    }

    public string? Join(string container, LimitsSpec limits) => null;

    public void Remove(string container)
    {
        // It goes with the container's folder.
    }

    public void Close()
    {
    }
}
