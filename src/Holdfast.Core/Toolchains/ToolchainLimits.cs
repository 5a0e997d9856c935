namespace Holdfast.Core.Toolchains;

/// <summary>What a toolchain may be at most. Go 1.22 has 13,000 files of 240 MB, in an archive of 70 MB.</summary>
public static class ToolchainLimits
{
    /// <summary>Of an archive, in bytes.</summary>
    public const long MostArchiveBytes = 1L << 30;

    /// <summary>Of all files together, in bytes.</summary>
    public const long MostBytes = 4L << 30;

    public const int MostFiles = 200_000;

    /// <summary>Of a file that says which version a project wants, in bytes.</summary>
    public const int MostProjectFileBytes = 1 << 20;

    /// <summary>How long a server may say nothing before the download counts as cut.</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromSeconds(60);
}
