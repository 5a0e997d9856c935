using System.CommandLine;
using Holdfast.Core.NativeServices;
using Holdfast.Node.Pinning;

namespace Holdfast.Cli.Commands;

/// <summary>What of a pinned service is not its spec: what is pinned of it, and what the service manager is told.</summary>
internal sealed class PinOptions
{
    private readonly Option<NativeStartType> start = new("--start") { Description = "When it starts: automatic (at boot), delayed (Windows: after the others), manual, disabled", HelpName = "TYPE" };
    private readonly Option<string[]> dependencies = new("--depends") { Description = "What the service manager starts before it, by its name there; may be given again", HelpName = "UNIT" };
    private readonly Option<string[]> writable = new("--writable") { Description = "A folder beside the executable that the service writes, and that is not pinned; may be given again", HelpName = "FOLDER" };
    private readonly Option<bool> executableOnly = new("--executable-only") { Description = "Pin the executable, and nothing that lies beside it" };

    public IEnumerable<Option> All => [start, dependencies, writable, executableOnly];

    public bool AreGiven(ParseResult parse) => All.Any(option => parse.GetResult(option) is not null);

    /// <summary>The pin, with what was given put in.</summary>
    public Pin Of(ParseResult parse, Pin pin) => pin with
    {
        Start = parse.GetResult(start) is null ? pin.Start : parse.GetValue(start),
        Dependencies = parse.GetResult(dependencies) is null ? pin.Dependencies : parse.GetValue(dependencies) ?? [],
        Writable = parse.GetResult(writable) is null ? pin.Writable : parse.GetValue(writable) ?? [],
        ExecutableOnly = parse.GetResult(executableOnly) is null ? pin.ExecutableOnly : parse.GetValue(executableOnly),
    };
}
