using Holdfast.Core.Services;

namespace Holdfast.Core.Packages;

/// <summary>
/// The POSIX mode of a packaged file, written as four octal digits. It follows from what the file is, never from the umask
/// of the machine that packed it; nobody may write a packaged file, not even its owner.
/// </summary>
public static class FileModes
{
    public static string For(AccessClass access, bool executable) => access == AccessClass.Secret
        ? executable ? "0500" : "0400"
        : executable ? "0555" : "0444";

    public static bool IsExecutable(string mode) => mode is "0555" or "0500";
}
