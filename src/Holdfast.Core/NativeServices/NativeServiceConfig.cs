using Holdfast.Core.Services;

namespace Holdfast.Core.NativeServices;

/// <summary>All that the SCM keeps of a service: what we want it to, or what it says that it does.</summary>
public sealed record NativeServiceConfig
{
    /// <summary>The name that commands and events use; 1 to 256 characters, without slashes.</summary>
    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    public string? Description { get; init; }

    /// <summary>The executable, in quotes where it has spaces, and its arguments (binPath).</summary>
    public required string CommandLine { get; init; }

    public NativeStartType StartType { get; init; }

    /// <summary>Log On As: <c>LocalSystem</c>, <c>NT AUTHORITY\LocalService</c>, <c>NT SERVICE\name</c>, <c>DOMAIN\name</c>, <c>DOMAIN\name$</c>. Passwords are never here.</summary>
    public required string Account { get; init; }

    /// <summary>What the SCM starts before; load-order groups with + in front.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    public RecoverySettings Recovery { get; init; } = new();

    /// <summary>How long the SCM waits at PRESHUTDOWN.</summary>
    public required TimeSpan PreshutdownTimeout { get; init; }

    public ServiceSidType ServiceSid { get; init; } = ServiceSidType.Unrestricted;

    /// <summary>Null: not restricted.</summary>
    public IReadOnlyList<string>? RequiredPrivileges { get; init; }

    /// <summary>Who may do what with the service itself.</summary>
    public ServiceRights Rights { get; init; } = ServiceRights.For(null, []);

    /// <param name="spec">Of a native service; groups that its <c>access</c> names are found by whoever knows the host's.</param>
    /// <param name="commandLine">What the SCM is to execute: the supervisor, and which service it keeps.</param>
    public static NativeServiceConfig Of(ServiceSpec spec, string commandLine)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var windows = spec.Windows ?? new WindowsSpec();
        return new()
        {
            Name = spec.Name,
            DisplayName = windows.DisplayName ?? spec.Name,
            Description = spec.Description,
            CommandLine = commandLine,
            StartType = windows.StartType,
            Account = spec.User?.Name ?? ScmAccount.Virtual(spec.Name),
            Dependencies = windows.Dependencies,
            Recovery = windows.Recovery,
            PreshutdownTimeout = Preshutdown(spec),
            ServiceSid = windows.ServiceSid,
            RequiredPrivileges = windows.RequiredPrivileges,
            Rights = ServiceRights.For(ScmAccount.VirtualSid(spec.User?.Name ?? ScmAccount.Virtual(spec.Name)), []),
        };
    }

    /// <summary>What the spec says, or what a whole stop can take, in full tens of seconds.</summary>
    internal static TimeSpan Preshutdown(ServiceSpec spec) =>
        spec.Windows?.PreshutdownTimeout ?? TimeSpan.FromSeconds(Math.Ceiling(StopBudget.Of(spec).Total.TotalSeconds / 10) * 10);
}
