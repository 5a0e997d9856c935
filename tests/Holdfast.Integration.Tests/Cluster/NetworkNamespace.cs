using System.Runtime.InteropServices;

namespace Holdfast.Integration.Tests.Cluster;

internal static class NetworkNamespace
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>The calling thread alone is in it from now on.</summary>
    public static void Enter(string path)
    {
        using var file = File.OpenHandle(path);
        if (SetNamespace(file, CloneNewNet) != 0) throw new InvalidOperationException($"setns({path}): {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(Microsoft.Win32.SafeHandles.SafeFileHandle file, int kind);
}
