using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>
/// A version of Go, ordered as Go orders it. Since 1.21 <c>1.21</c> is the language and older than all its releases
/// (<c>1.21 &lt; 1.21rc1 &lt; 1.21.0</c>); before it, <c>1.19</c> is the first release of its line.
/// </summary>
/// <param name="Patch">Null: none is named, by a language or by a version before its release.</param>
/// <param name="Stage"><c>alpha</c>, <c>beta</c>, <c>rc</c>; empty: none.</param>
/// <param name="StageNumber">Of the stage; 0 without one.</param>
/// <param name="Suffix">Of a build that is not Go's own, with its hyphen: <c>-custom</c>; else empty.</param>
public sealed partial record GoVersion(int Major, int Minor, int? Patch, string Stage, int StageNumber, string Suffix) : IComparable<GoVersion>
{
    private const int FirstMinorWithLanguages = 21;

    /// <summary>A line of releases rather than one of them: <c>1.22</c>. There is no such download.</summary>
    public bool IsLine => Patch is null && Stage.Length == 0;

    /// <summary>One of Go's own releases: neither before its release nor somebody's own build.</summary>
    public bool IsRelease => Patch is not null && Suffix.Length == 0;

    /// <summary>Whether a <c>go.mod</c> may hold a <c>toolchain</c> line and three numbers in its <c>go</c> line for it: 1.21 and later.</summary>
    public bool KnowsToolchainLines => Major > 1 || (Major == 1 && Minor >= FirstMinorWithLanguages);

    /// <summary>The version, with or without <c>go</c> before it.</summary>
    public static bool TryParse(string? text, [MaybeNullWhen(false)] out GoVersion version)
    {
        version = null;
        if (text is null || Form().Match(text) is not { Success: true } match) return false;
        if (!Number(match, "major", out var major) || !Number(match, "minor", out var minor)) return false;
        if (!Number(match, "patch", out var patch) || !Number(match, "number", out var number)) return false;
        var stage = match.Groups["stage"].Value;
        var isOld = major is 1 && (minor ?? 0) < FirstMinorWithLanguages;
        version = new(major ?? 0, minor ?? 0, patch ?? (isOld && stage.Length == 0 ? 0 : null), stage, number ?? 0, match.Groups["suffix"].Value);
        return true;
    }

    /// <returns>Or a problem <c>toolchain.version</c>.</returns>
    public static Outcome<GoVersion> Parse(string text, Place? where = null) =>
        TryParse(text, out var version) ? version : new Problem(ProblemKind.BadInput, "toolchain.version", $"'{text}' is no version of Go")
        {
            Where = where,
            Mend = "write it as 1.22.1, 1.22rc1, or 1.22 for the newest release of that line",
        };

    /// <summary>Whether this, as what is asked for, is answered by that one: a line by each of its releases, else only by itself.</summary>
    public bool Admits(GoVersion other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this == other || (IsLine && other.IsRelease && IsSameLine(other));
    }

    public bool IsSameLine(GoVersion other) => other is not null && Major == other.Major && Minor == other.Minor;

    public int CompareTo(GoVersion? other)
    {
        if (other is null) return 1;
        var numbers = (Major, Minor, Patch ?? -1, Rank, StageNumber).CompareTo((other.Major, other.Minor, other.Patch ?? -1, other.Rank, other.StageNumber));
        return numbers != 0 ? numbers : string.CompareOrdinal(Suffix, other.Suffix);
    }

    public static bool operator <(GoVersion left, GoVersion right) => left is null ? right is not null : left.CompareTo(right) < 0;

    public static bool operator >(GoVersion left, GoVersion right) => left is not null && left.CompareTo(right) > 0;

    public static bool operator <=(GoVersion left, GoVersion right) => !(left > right);

    public static bool operator >=(GoVersion left, GoVersion right) => !(left < right);

    /// <summary>As Go names its releases, without <c>go</c>: <c>1.19</c>, <c>1.21.0</c>, <c>1.22rc1</c>.</summary>
    public override string ToString()
    {
        var stage = Stage.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Stage}{StageNumber}");
        var patch = Patch is null || (Patch == 0 && !KnowsToolchainLines) ? "" : string.Create(CultureInfo.InvariantCulture, $".{Patch}");
        return string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}{patch}{stage}{Suffix}");
    }

    private int Rank => Stage switch
    {
        "alpha" => 1,
        "beta" => 2,
        "rc" => 3,
        _ => 0,
    };

    /// <summary>False: there are digits, and they are more than a number holds.</summary>
    private static bool Number(Match match, string group, out int? number)
    {
        number = null;
        if (!match.Groups[group].Success) return true;
        var fits = int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = value;
        return fits;
    }

    [GeneratedRegex(@"\A(go)?(?<major>[1-9][0-9]*)(\.(?<minor>0|[1-9][0-9]*)(\.(?<patch>0|[1-9][0-9]*)|(?<stage>alpha|beta|rc)(?<number>0|[1-9][0-9]*))?)?(?<suffix>-[0-9A-Za-z][0-9A-Za-z.+_-]{0,63})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
