namespace Holdfast.Platform.Tests.Processes;

/// <summary>A process has one host: two that adopt orphans would take each other's.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "one process host at a time";
}
