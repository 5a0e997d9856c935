using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Node.Access;

namespace Holdfast.Cli.Commands;

/// <summary>What is otherwise than it is to be, file by file.</summary>
internal sealed class AclCheckCommand(CliContext cli) : AclCommand(cli, "check", "Say what of a service's rights is otherwise than it is to be; exit code 3 where something is")
{
    protected override Task<int> RunAsync(ServiceAreas areas, OutputFormat format, CancellationToken cancel)
    {
        var differences = Differences(areas);
        if (format.IsDocument()) Terminal.Document(Document(differences), format);
        else Say(differences);
        if (differences.Count == 0) Terminal.Say("All rights are as they are to be.");
        else Terminal.Say($"{differences.Count} are otherwise; holdfast acl apply {areas.Service} sets them.");
        return Task.FromResult(differences.Count == 0 ? ExitCode.Ok : ExitCode.Refused);
    }
}
