namespace Holdfast.Core.Leadership;

/// <summary>
/// What epochs begin above in a store that was restored. Which ones were given after its backup is not known there, and none may be given again: receivers have
/// seen them, and would take the old for the new.
/// </summary>
public static class EpochFloor
{
    /// <summary>More than any service is given between a backup and its restoring, even where the clock is not to be believed.</summary>
    public const long Span = 1_000_000;

    /// <summary>
    /// By the seconds since 1970: epochs begin at 1 or at such a floor, and are given less often than once a second, so none was ever as high as the
    /// present second. That holds for those too that were given after an earlier restoring which nobody here remembers.
    /// </summary>
    /// <param name="last">The last epoch that the backup knows; 0: none.</param>
    /// <param name="now">The moment of the restoring.</param>
    public static long After(long last, DateTimeOffset now) => Math.Max(last + Span, now.ToUnixTimeSeconds());
}
