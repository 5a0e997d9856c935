using System.Globalization;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux;

[SupportedOSPlatform("linux")]
internal static unsafe class PosixProtection
{
    public static void Apply(int outOfMemoryScore)
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", outOfMemoryScore.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Without privileges nobody may lower it; the container of the service that eats the memory is taken first anyway, by its limit.
        }

        // The soft limit only: services that want core dumps get them by the hard one. A dump into a pipe knows no limit, hence the second line.
        var limit = stackalloc ulong[2];
        if (Libc.GetLimit(Libc.RLIMIT_CORE, limit) == 0)
        {
            limit[0] = 0;
            _ = Libc.SetLimit(Libc.RLIMIT_CORE, limit);
        }

        _ = Libc.ProcessControl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
}
