using System.CommandLine;

namespace Holdfast.Cli.Commands;

/// <summary>Why somebody wants a change. It goes with every call of the command, and into the record of what comes of it.</summary>
internal sealed class WhyOption : Option<string?>
{
    public WhyOption()
        : base("--why")
    {
        Description = "For the record: a change number, or a sentence";
        HelpName = "TEXT";
    }
}
