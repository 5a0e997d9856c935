namespace Holdfast.Platform.Linux.Births;

/// <summary>What every child gets, whichever launcher starts it.</summary>
internal static class BirthDefaults
{
    /// <summary>027: what a service writes, its group may read and others may not.</summary>
    public const uint Umask = 0x17;

    /// <summary>The same as a shell reads it.</summary>
    public const string UmaskText = "027";
}
