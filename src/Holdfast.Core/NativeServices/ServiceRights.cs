namespace Holdfast.Core.NativeServices;

/// <summary>Who may do what with a service of the SCM: the access list of the service itself, in the SCM's own rights.</summary>
public sealed record ServiceRights(IReadOnlyList<ServiceEntry> Entries)
{
    private const string LocalSystem = "S-1-5-18";
    private const string Administrators = "S-1-5-32-544";

    /// <summary>Whoever is logged on at the machine or by remote desktop.</summary>
    private const string Interactive = "S-1-5-4";

    /// <summary>Whatever runs as a service.</summary>
    private const string Services = "S-1-5-6";

    /// <summary>
    /// The system and its administrators have everything, people and services at the machine see its state, and nobody else anything.
    /// </summary>
    /// <param name="own">SID of the account that its supervisor runs under, which reads at its start what is set; null: it is the system.</param>
    /// <param name="controllers">SIDs of who may start, stop, pause and continue it, and see all of it.</param>
    public static ServiceRights For(string? own, IEnumerable<string> controllers) => new(
    [
        new(LocalSystem, ServiceRight.All),
        new(Administrators, ServiceRight.All),
        new(Interactive, ServiceRight.QueryStatus),
        new(Services, ServiceRight.QueryStatus),
        .. own is null or LocalSystem or Administrators ? [] : new ServiceEntry[] { new(own, ServiceRight.QueryStatus | ServiceRight.QueryConfig | ServiceRight.ReadControl) },
        .. controllers.Distinct().Select(sid => new ServiceEntry(sid, ServiceRight.Controls)),
    ]);

    /// <summary>As <c>sc sdshow</c> has it: <c>D:(A;;LC;;;IU)…</c>.</summary>
    public override string ToString() => "D:" + string.Concat(Entries);

    /// <summary>Whether they come to the same: entries that allow are added up, in any order.</summary>
    public bool IsSame(ServiceRights other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Sums(this).SequenceEqual(Sums(other));
    }

    private static IEnumerable<(bool, string, ServiceRight)> Sums(ServiceRights rights) => rights.Entries
        .GroupBy(entry => (entry.Denies, entry.Sid)).Select(of => (of.Key.Denies, of.Key.Sid, of.Aggregate(ServiceRight.None, (all, entry) => all | entry.Rights)))
        .OrderBy(sum => sum.Denies).ThenBy(sum => sum.Sid, StringComparer.Ordinal);
}
