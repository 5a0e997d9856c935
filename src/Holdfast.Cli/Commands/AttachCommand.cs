using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

internal sealed class AttachCommand : CliCommand
{
    private readonly Argument<string> service = new("service") { Description = "Which service" };
    private readonly Option<string?> instance = new("--instance") { Description = "Only this instance" };
    private readonly Option<bool> noStdin = new("--no-stdin") { Description = "Show its output, and give it nothing" };
    private readonly Option<int> tail = new("--tail", "-n") { Description = "Begin with its last N lines (default: 0)", HelpName = "N" };
    private readonly Option<bool> eof = new("--eof") { Description = "At the end of our input end the service's as well, until its next start" };
    private readonly Option<TimeSpan?> wait = DurationOption.Create("--wait", "At the end of our input show its output so long before detaching: 500ms, 5s");

    public AttachCommand(CliContext cli)
        : base(cli, "attach", "Type into a service's standard input, and see its output live")
    {
        Arguments.Add(service);
        foreach (var option in new Option[] { instance, noStdin, tail, eof, wait, new WhyOption() }) Options.Add(option);
    }

    protected override bool IsAgentsWork => true;

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var onlyReads = parse.GetValue(noStdin);
        if (onlyReads && (parse.GetValue(eof) || parse.GetValue(wait) is not null)) return Task.FromResult(Terminal.Fail(NothingToEnd));
        var start = new AttachStart
        {
            Service = parse.GetRequiredValue(service),
            Instance = parse.GetValue(instance) ?? "",
            Tail = parse.GetValue(tail),
            Input = !onlyReads,
        };
        return new AttachRun(Cli, start, onlyReads ? null : new StandardInput()) { Eof = parse.GetValue(eof), Wait = parse.GetValue(wait) ?? TimeSpan.Zero }.RunAsync(cancel);
    }

    private static Problem NothingToEnd => new(ProblemKind.BadInput, "cli.arguments", "--no-stdin gives the service nothing: there is no end for --eof and --wait")
    {
        Mend = "leave one or the other out; Ctrl-C ends the showing",
    };
}
