using System.CommandLine;
using Holdfast.Cli.Api;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Commands;

internal sealed class DeployCommand : CliCommand
{
    private readonly Argument<string> file = new("file") { Description = "The package (.hfpkg)" };
    private readonly Option<string?> values = new("--values") { Description = "A values file: what differs here, for the keys that the package opens", HelpName = "FILE" };

    public DeployCommand(CliContext cli)
        : base(cli, "deploy", "Send a package to the node and move its service to it")
    {
        Arguments.Add(file);
        Options.Add(values);
        Options.Add(new WhyOption());
    }

    protected override bool IsAgentsWork => true;

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        // Read before anything is sent: a file that is not there changes nothing.
        var valuesFile = parse.GetValue(values);
        var valuesText = valuesFile is null ? "" : await File.ReadAllTextAsync(Cli.PathOf(valuesFile), cancel);
        var pushed = await PackagePush.SendAsync(Cli, Cli.PathOf(parse.GetRequiredValue(file)), cancel);
        Terminal.Say($"{"admitted",-12}  {pushed.Service} {pushed.Version}, {Human.ShortDigest(pushed.PackageDigest)}, signed by {string.Join(" and ", pushed.Signers)}");
        var request = new DeployRequest
        {
            PackageDigest = pushed.PackageDigest,
            Values = valuesText,
            ValuesName = valuesFile ?? "",
            RequestId = Guid.NewGuid().ToString("n"),
        };
        return await OperationRun.FollowAsync(Cli, services => services.Deploy(request, new(cancel)), cancel);
    }}
