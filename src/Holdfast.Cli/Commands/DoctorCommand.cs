using System.CommandLine;
using System.Text.Json.Nodes;
using Holdfast.Cli.Doctor;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Commands;

internal sealed class DoctorCommand : CliCommand
{
    private readonly Option<string> format = FormatOption.Plain();

    public DoctorCommand(CliContext cli)
        : base(cli, "doctor", "Say what works on this host, what is enforced, and what is not and why") => Options.Add(format);

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        foreach (var check in Checks.All) findings.AddRange(await check(Cli, cancel));
        var shown = parse.Format(format);
        if (shown.IsDocument()) Terminal.Document(new JsonArray([.. findings.Select(finding => finding.Document())]), shown);
        else foreach (var finding in findings) Terminal.Line(finding.ToString());
        return findings.Exists(finding => finding.Verdict == Verdict.Broken) ? ExitCode.Failed : ExitCode.Ok;
    }
}
