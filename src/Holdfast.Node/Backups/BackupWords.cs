using Holdfast.Core.Problems;

namespace Holdfast.Node.Backups;

/// <summary>What is said beside a backup or a restore that was done.</summary>
internal static class BackupWords
{
    public static string Missing(string digest) => $"The package {digest} is wanted and not whole on the node, so it is not in the backup: deploy it again.";

    public static string WouldBeRefused(string service, string digest, Problem why) =>
        $"The trust policy refuses {digest} of {service} by now, so a restore would, too, unless it leaves it out: {why.What}.";

    public static string LeftOut(string digest, Problem why) => $"The package {digest} was left out, and what needs it does not start until it is deployed again: {why.What}.";

    public static string HostExecutable(string service, Problem why) => $"{service} does not start here until this is mended: {why}";

    public static string Service(string service, Problem why) => $"{service}: {why}";
}
