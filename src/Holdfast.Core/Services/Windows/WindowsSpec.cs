using Holdfast.Core.NativeServices;

namespace Holdfast.Core.Services;

/// <summary>What of a service Windows itself is to know. Other systems ignore all but <see cref="Pause"/>.</summary>
public sealed record WindowsSpec
{
    /// <summary>The service control manager knows it: it stands in services.msc, under its own account, with a supervisor of its own.</summary>
    public bool NativeService { get; init; }

    /// <summary>Null: the service's name.</summary>
    public string? DisplayName { get; init; }

    public NativeStartType StartType { get; init; }

    /// <summary>Services (or, with + in front, load-order groups) that the SCM starts before, by their names in the SCM.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    public RecoverySettings Recovery { get; init; } = new();

    /// <summary>What the SCM waits for at a shutdown; null: as long as a whole stop can take (<see cref="StopBudget"/>).</summary>
    public TimeSpan? PreshutdownTimeout { get; init; }

    public ServiceSidType ServiceSid { get; init; } = ServiceSidType.Unrestricted;

    /// <summary>The only privileges its process keeps, by their Windows names; null: all that its account has.</summary>
    public IReadOnlyList<string>? RequiredPrivileges { get; init; }

    /// <summary>Null: it cannot pause.</summary>
    public PauseSpec? Pause { get; init; }
}
