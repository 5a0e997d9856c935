using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>
/// Tells which containers' cgroup.events changed: one inotify descriptor for all of them, where polling each file would take
/// a descriptor per container.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class CgroupWatch : IDisposable
{
    /// <summary>struct inotify_event: watch, mask, cookie, length of the name (none here).</summary>
    private const int EventBytes = 16;
    private const int Overflowed = -1;

    private readonly SafeFileHandle handle = Descriptor.Own(Libc.NotifyInit(Libc.IN_CLOEXEC | Libc.IN_NONBLOCK), "inotify_init1");
    private readonly Dictionary<int, LinuxContainer> watched = [];

    public SafeHandle Handle => handle;

    /// <returns>What to remove it by.</returns>
    public int Add(string path, LinuxContainer container)
    {
        var watch = Libc.NotifyAdd(handle, path, Libc.IN_MODIFY);
        if (watch < 0)
            throw Errno.Failure($"watch {path} (fs.inotify.max_user_watches?)");
        watched[watch] = container;
        return watch;
    }

    public void Remove(int watch)
    {
        watched.Remove(watch);
        // EINVAL: the file is gone, and the watch with it.
        _ = Libc.NotifyRemove(handle, watch);
    }

    public void Take(ISet<LinuxContainer> changed)
    {
        const int room = 4096;
        var buffer = stackalloc byte[room];
        nint length;
        while ((length = Libc.Read(handle, buffer, room)) > 0)
        {
            for (nint at = 0; at + EventBytes <= length; at += EventBytes + *(int*)(buffer + at + 12))
            {
                var watch = *(int*)(buffer + at);
                if (watch == Overflowed)
                    changed.UnionWith(watched.Values);
                else if (watched.TryGetValue(watch, out var container))
                    changed.Add(container);
            }
        }

        foreach (var container in changed)
            container.TakeChange();
    }

    public void Dispose() => handle.Dispose();
}
