using System.Globalization;

namespace Holdfast.Core.Firewall;

/// <summary>
/// A rule of Windows' firewall, as the registry has it: <c>v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8080|Name=payments|</c>. The
/// grammar is [MS-GPFAS] 2.2.2.19; newer versions add fields, which older readers pass over.
/// </summary>
/// <param name="Id">The value's name, by which <c>Get-NetFirewallRule -Name</c> finds it.</param>
/// <param name="Title">What people see; may be the number of a text in a library.</param>
/// <param name="Protocol">6 is TCP; null: any.</param>
/// <param name="Ports">Of this machine; null: any. Empty: only ones that a word stands for (RPC and the like).</param>
/// <param name="Application">The path of the one program that it is for; null: any.</param>
/// <param name="Service">The one service that it is for; null: any.</param>
/// <param name="Profiles">Domain, Private, Public; empty: all.</param>
/// <param name="Conditions">Fields that narrow it further: other machines' addresses, interfaces, users.</param>
public sealed record FirewallRule(
    string Id,
    string Title,
    bool Allows,
    bool IsActive,
    bool IsInbound,
    int? Protocol,
    IReadOnlyList<(int First, int Last)>? Ports,
    string? Application,
    string? Service,
    IReadOnlyList<string> Profiles,
    IReadOnlyList<string> Conditions)
{
    /// <summary>Fields that say nothing about whom it lets in.</summary>
    private static readonly HashSet<string> Silent = new(StringComparer.OrdinalIgnoreCase) { "Name", "Desc", "EmbedCtxt", "Edge", "Defer", "Platform", "Platform2", "SkuVer", "TTK" };

    /// <summary>Null: it is no rule, or not one of this grammar.</summary>
    /// <param name="value">Variables such as %SystemRoot% are expanded already.</param>
    public static FirewallRule? Parse(string id, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var parts = value.Split('|', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || parts[0].Length < 2 || parts[0][0] is not ('v' or 'V') || !char.IsAsciiDigit(parts[0][1])) return null;
        var rule = new FirewallRule(id, id, false, false, false, null, null, null, null, [], []);
        foreach (var part in parts.Skip(1))
        {
            if (part.Split('=', 2) is not [var field, var content]) return null;
            if (rule.With(field, content) is not { } read) return null;
            rule = read;
        }

        return rule;
    }

    /// <summary>Whether it speaks of who connects to this port of this program by TCP; further conditions apart.</summary>
    public bool Concerns(int port, string executable) =>
        IsActive && IsInbound && Protocol is null or Tcp
        && (Ports is null || Ports.Any(range => range.First <= port && port <= range.Last))
        && Service is null
        && (Application is null || Application.Equals(executable, StringComparison.OrdinalIgnoreCase));

    public bool IsFor(FirewallProfile profile) => Profiles.Count == 0 || Profiles.Contains(profile.Name, StringComparer.OrdinalIgnoreCase);

    private const int Tcp = 6;

    private FirewallRule? With(string field, string content)
    {
        switch (field.ToUpperInvariant())
        {
            case "ACTION": return this with { Allows = content.Equals("Allow", StringComparison.OrdinalIgnoreCase) };
            case "ACTIVE": return this with { IsActive = content.Equals("TRUE", StringComparison.OrdinalIgnoreCase) };
            case "DIR": return this with { IsInbound = content.Equals("In", StringComparison.OrdinalIgnoreCase) };
            case "PROTOCOL": return int.TryParse(content, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? this with { Protocol = number } : null;
            case "APP": return this with { Application = content };
            case "SVC": return this with { Service = content == "*" ? null : content };
            case "PROFILE": return this with { Profiles = [.. Profiles, content] };
            case "NAME": return this with { Title = content };
            // LPort, and what newer versions of the grammar have beside it: LPort2_10 and so on.
            case var ports when ports.StartsWith("LPORT", StringComparison.Ordinal): return this with { Ports = [.. Ports ?? [], .. Range(content)] };
            default: return Silent.Contains(field) ? this : this with { Conditions = [.. Conditions, field] };
        }
    }

    /// <summary>None of a word, which stands for ports that no service of ours has.</summary>
    private static IEnumerable<(int First, int Last)> Range(string content)
    {
        var ends = content.Split('-', 2);
        if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            yield return (first, last);
    }
}
