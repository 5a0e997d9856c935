namespace Holdfast.Platform;

/// <summary>The rights of files that are made without saying any: by a library, by the runtime.</summary>
public static class NewFiles
{
    /// <summary>From now on whatever this process makes is closed to all but its account and group, unless its rights are said.</summary>
    public static void CloseToOthers()
    {
        // On Windows the folder's own list decides, and new files inherit it.
        if (OperatingSystem.IsLinux())
            _ = Linux.Native.Libc.Umask(Linux.Births.BirthDefaults.Umask);
    }
}
