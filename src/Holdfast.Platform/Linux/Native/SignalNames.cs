using System.Globalization;
using System.Runtime.Versioning;

namespace Holdfast.Platform.Linux.Native;

/// <summary>Linux's signal numbers by name (the same on x86 and ARM).</summary>
[SupportedOSPlatform("linux")]
internal static class SignalNames
{
    private const int FirstRealTime = 34;
    private const int Last = 64;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>With SIG: <c>SIGKILL</c>, <c>SIGRTMIN+3</c>.</summary>
    public static string NameOf(int number) => number switch
    {
        > 0 when number < Names.Length => "SIG" + Names[number],
        >= FirstRealTime and <= Last => string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{number - FirstRealTime}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {number}"),
    };

    /// <summary>Null for a name that is no signal's. Takes names with and without SIG.</summary>
    public static int? NumberOf(string name)
    {
        var bare = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        var index = Array.IndexOf(Names, bare, 1);
        if (index > 0)
            return index;
        const string realTime = "RTMIN+";
        return bare.StartsWith(realTime, StringComparison.Ordinal)
            && int.TryParse(bare.AsSpan(realTime.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            && offset <= Last - FirstRealTime
            ? FirstRealTime + offset
            : null;
    }
}
