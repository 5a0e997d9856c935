using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Content;

/// <summary>What the file system refused, as a problem.</summary>
public static class FileTrouble
{
    private const int DiskFullLinux = 28;
    private const int QuotaLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);

    /// <summary>Whether this is an exception that the file system may raise and that is no bug.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <param name="exception">What was thrown.</param>
    /// <param name="doing">What was being done, as in "cannot … ": <c>write payments-1.0.0.hfpkg</c>.</param>
    public static Problem From(Exception exception, string doing)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.HResult is DiskFullLinux or QuotaLinux or DiskFullWindows or HandleDiskFullWindows)
            return new(ProblemKind.Failed, "files.disk-full", $"cannot {doing}: the disk is full") { Why = "nothing half-written was left", Mend = "free some space and try again" };
        return exception switch
        {
            FileNotFoundException or DirectoryNotFoundException => new(ProblemKind.NotFound, "files.not-found", $"cannot {doing}: it does not exist"),
            UnauthorizedAccessException => new(ProblemKind.Refused, "files.access", $"cannot {doing}: no right to") { Mend = "check its owner and mode" },
            _ => new(ProblemKind.Failed, "files.io", $"cannot {doing}: {exception.Message}"),
        };
    }
}
