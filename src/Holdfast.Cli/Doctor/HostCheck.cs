using Holdfast.Platform;

namespace Holdfast.Cli.Doctor;

/// <summary>What of the limits and laws this host enforces, for the account that asks.</summary>
internal static class HostCheck
{
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        // A place that no supervisor has: its end takes away its folder, and must not take that of one that runs.
        using var host = ProcessHost.Create(new(cli.Home, ".doctor"));
        return Task.FromResult<IReadOnlyList<Finding>>([.. Judge(host.Capabilities)]);
    }

    private static IEnumerable<Finding> Judge(HostCapabilities host)
    {
        yield return host.Containment == ContainmentKind.Session
            ? new(Verdict.Lacking, "Containers are sessions: a process that hides on purpose can leave one", "run as root, or delegate a cgroup to this account")
            : new(Verdict.Good, $"Containers are {(host.Containment == ContainmentKind.Cgroup ? "cgroups" : "job objects")}: nobody leaves one");
        yield return host.Birth == BirthWay.Native
            ? new(Verdict.Good, "Services are born in their containers")
            : new(Verdict.Lacking, $"Services are started through a shell, which is slower: {host.BirthReason ?? "the native launcher is missing"}");
        // Of Windows' accounts, WindowsCheck tells.
        if (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
            yield return new(Verdict.Lacking, $"Services run under {AccountDirectory.Current().Name}, the agent's own account: one that is broken into could change packages and records", "run the agent as root, and give every service a `user`");
        if (PipeBudget.Read() is { } pipes)
            yield return new(Verdict.Lacking, $"Output pipes of {pipes.Instances} instances hold {Pipe.UnprivilegedCapacity / 1024} KiB each; the kernel gives further ones 8 KiB, and their services wait sooner while the disk is busy", "run the agent as root, or raise fs.pipe-user-pages-soft");
        foreach (var name in host.Enforced) yield return new(Verdict.Good, $"Enforced: {name}");
        foreach (var reason in host.NotEnforced) yield return new(Verdict.Lacking, $"Not enforced: {reason}");
    }
}
