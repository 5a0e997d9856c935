using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

/// <summary><c>audit hold set</c> and <c>audit hold release</c>.</summary>
internal sealed class AuditHoldCommand : CliCommand
{
    private readonly Argument<string> name = new("name") { Description = "The hold's name, like a case number" };
    private readonly Option<string> reason = new("--reason") { Description = "Why; it stands in the record", HelpName = "TEXT", Required = true };
    private readonly bool release;

    public AuditHoldCommand(CliContext cli, bool release)
        : base(cli, release ? "release" : "set", release ? "End a hold: entries leave the record by their age again" : "Let no entry leave the record, however old, until this is released")
    {
        this.release = release;
        Arguments.Add(name);
        Options.Add(reason);
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        using var api = ApiSession.Open(Cli);
        var request = new HoldAuditRequest { Name = parse.GetRequiredValue(name), Reason = parse.GetRequiredValue(reason), Release = release };
        var done = await api.Node.HoldAuditAsync(request, new(cancel));
        Terminal.Line($"{request.Name} is {(release ? "released" : "set")}, as entry {done.Sequence} says.");
        return ExitCode.Ok;
    }
}
