using System.Globalization;
using System.Text.RegularExpressions;

namespace Holdfast.Core.NativeServices;

/// <summary>
/// Windows gives every desktop a fixed piece of memory, the desktop heap. Services have no screen, yet a desktop: those under LocalSystem share one
/// (Service-0x0-3e7$), so do those under LocalService and under NetworkService, and each under another account has its own (Microsoft, KB 184802). A
/// process that finds no room on its desktop ends with 0xC0000142 before its first instruction.
/// </summary>
public static partial class DesktopHeap
{
    /// <summary>
    /// What a service takes: its supervisor, its program, and the host of that one's console. An estimate, from one report: about 110 wrapped services
    /// under LocalSystem started, and the next ones ended with 0xC0000142 (winsw#803), in the 768 KB that Windows has by default. Windows tells nobody how
    /// much of a desktop heap is used, and a program with windows takes more.
    /// </summary>
    public const int KilobytesPerService = 7;

    /// <summary>Of a desktop without a screen; null: it is not said there.</summary>
    /// <param name="subsystem">The value Windows of the key Session Manager\SubSystems: <c>… SharedSection=1024,20480,768 …</c>.</param>
    public static int? KilobytesOf(string? subsystem)
    {
        if (subsystem is null || SharedSection().Match(subsystem) is not { Success: true } match) return null;
        // Without a third number the second one holds for all desktops (KB 142676).
        var number = match.Groups["services"] is { Success: true } third ? third : match.Groups["screens"];
        return int.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes : null;
    }

    /// <summary>The room on the desktop of an account; null: each of its services has one for itself.</summary>
    /// <param name="accounts">Of the services that are to be counted, one each.</param>
    public static DesktopRoom? SharedBy(string account, IEnumerable<string> accounts, int kilobytes)
    {
        var name = ScmAccount.Canonical(account);
        return name is ScmAccount.LocalSystem or ScmAccount.LocalService or ScmAccount.NetworkService
            ? new(name, kilobytes, accounts.Count(one => ScmAccount.Same(one, name)))
            : null;
    }

    [GeneratedRegex(@"\bSharedSection=\d+,(?<screens>\d+)(,(?<services>\d+))?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SharedSection();
}
