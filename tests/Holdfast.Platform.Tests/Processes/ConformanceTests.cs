using Holdfast.Testing.Processes;

namespace Holdfast.Platform.Tests.Processes;

/// <summary>The best that this machine has; on a developer's machine that is usually the native launcher, as root with cgroups.</summary>
[Collection(OneAtATime.Name)]
public sealed class BestHostTests : ProcessHostConformance
{
    protected override ProcessHostOptions? Options => null;
}

[Collection(OneAtATime.Name)]
public sealed class ShellHostTests : ProcessHostConformance
{
    protected override ProcessHostOptions Options => new() { Birth = BirthWay.Shell };
}

[Collection(OneAtATime.Name)]
public sealed class SessionHostTests : ProcessHostConformance
{
    protected override ProcessHostOptions Options => new() { Containment = ContainmentKind.Session };
}

[Collection(OneAtATime.Name)]
public sealed class ShellSessionHostTests : ProcessHostConformance
{
    protected override ProcessHostOptions Options => new() { Containment = ContainmentKind.Session, Birth = BirthWay.Shell };
}
