using Holdfast.Core.Operations;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Node.Planning;

/// <summary>Makes of a release's spec what the supervisor needs to run it: paths absolute, names replaced, nothing left to look up.</summary>
internal sealed class InstancePlanner(Home home)
{
    public InstancePlan Plan(ServiceRecord service, ReleaseRecord release, ServiceSpec spec, ReleaseFolders folders, (long Epoch, long Lease)? leading = null, bool standsBy = false)
    {
        var data = Path.Combine(home.Instances, service.Instance);
        var ports = Ports(service, spec);
        string? Value(string name) => name switch
        {
            "service" => service.Name,
            "instance" => service.Instance,
            "folders.code" => folders.Code,
            "folders.data" => data,
            "folders.secrets" => new SupervisorPlace(home, spec.Supervisor == SupervisorKind.Dedicated ? service.Name : null).PackageSecrets(service.Instance),
            _ => name.StartsWith("ports.", StringComparison.Ordinal) && ports.TryGetValue(name["ports.".Length..], out var port) ? $"{port}" : null,
        };
        IReadOnlyList<string> Resolve(IReadOnlyList<string> command) =>
            [Path.GetFullPath(Expansion.Expand(command[0], Value), folders.Code), .. command.Skip(1).Select(argument => Expansion.Expand(argument, Value))];

        var command = Resolve(spec.Command);
        return new()
        {
            Instance = service.Instance,
            Service = service.Name,
            Release = release.Number,
            PackageDigest = release.PackageDigest,
            AdmissionRecord = folders.AdmissionRecord,
            CodeFolder = folders.Code,
            DataFolder = data,
            OutputFolder = Path.Combine(home.Output, service.Instance),
            WorkingFolder = spec.WorkingFolder is { } working ? Path.GetFullPath(working, folders.Code) : data,
            Epoch = leading?.Epoch,
            Lease = leading?.Lease,
            StandsBy = standsBy,
            Executable = command[0],
            Arguments = [.. command.Skip(1)],
            Environment = Variables(service, spec, data, ports, Value),
            Ports = ports,
            Spec = spec with
            {
                Hooks = new()
                {
                    PreStart = With(spec.Hooks.PreStart, Resolve),
                    PostStart = With(spec.Hooks.PostStart, Resolve),
                    PreStop = With(spec.Hooks.PreStop, Resolve),
                    PostStop = With(spec.Hooks.PostStop, Resolve),
                },
                Reload = spec.Reload is { Hook: { } hook } reload ? reload with { Hook = With(hook, Resolve) } : spec.Reload,
                Health = new()
                {
                    Startup = With(spec.Health.Startup, ports, Resolve),
                    Liveness = With(spec.Health.Liveness, ports, Resolve),
                    Readiness = With(spec.Health.Readiness, ports, Resolve),
                },
                Windows = With(spec.Windows, ports, Resolve),
                Placement = spec.Placement with { Promote = With(spec.Placement.Promote, ports, Resolve) },
            },
        };
    }

    private static SortedDictionary<string, int> Ports(ServiceRecord service, ServiceSpec spec)
    {
        var ports = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, number) in spec.Ports)
            ports[name] = number ?? service.AssignedPorts[name];
        return ports;
    }

    private SortedDictionary<string, string> Variables(ServiceRecord service, ServiceSpec spec, string data, SortedDictionary<string, int> ports, Func<string, string?> value)
    {
        var environment = BaseEnvironment.For(data);
        foreach (var (name, text) in spec.Environment)
            environment[name] = Expansion.Expand(text, value);
        environment["HOLDFAST_SERVICE"] = service.Name;
        environment["HOLDFAST_INSTANCE"] = service.Instance;
        environment["HOLDFAST_RELEASE"] = $"{service.Release}";
        if (spec.Audit.Append)
            environment[Home.RecordsVariable] = LocalEndpoint.AddressOf(home.ServicesSocket);
        foreach (var (name, port) in ports)
            environment[PortVariable(name)] = $"{port}";
        return environment;
    }

    /// <summary>Port <c>http-admin</c> is HOLDFAST_PORT_HTTP_ADMIN.</summary>
    private static string PortVariable(string name) => "HOLDFAST_PORT_" + name.ToUpperInvariant().Replace('-', '_');

    private static HookSpec? With(HookSpec? hook, Func<IReadOnlyList<string>, IReadOnlyList<string>> resolve) =>
        hook is null ? null : hook with { Command = resolve(hook.Command) };

    private static WindowsSpec? With(WindowsSpec? windows, SortedDictionary<string, int> ports, Func<IReadOnlyList<string>, IReadOnlyList<string>> resolve) => windows?.Pause switch
    {
        { Hooks: { } hooks } pause => windows! with { Pause = pause with { Hooks = new(With(hooks.Pause, resolve)!, With(hooks.Continue, resolve)!) } },
        { Http: { } http } pause => windows! with { Pause = pause with { Http = http with { Port = Number(http.Port, ports) } } },
        _ => windows,
    };

    private static PromoteSpec? With(PromoteSpec? promote, SortedDictionary<string, int> ports, Func<IReadOnlyList<string>, IReadOnlyList<string>> resolve) => promote switch
    {
        { Hook: { } hook } => promote with { Hook = With(hook, resolve) },
        { Http: { } http } => promote with { Http = http with { Port = Number(http.Port, ports) } },
        _ => promote,
    };

    private static string Number(string port, SortedDictionary<string, int> ports) => ports.TryGetValue(port, out var number) ? $"{number}" : port;

    /// <summary>A probe's port may be one of the service's names; the supervisor gets numbers only.</summary>
    private static ProbeSpec? With(ProbeSpec? probe, SortedDictionary<string, int> ports, Func<IReadOnlyList<string>, IReadOnlyList<string>> resolve) =>
        probe is null ? null : probe with
        {
            Http = probe.Http is { } http ? http with { Port = Number(http.Port, ports) } : null,
            Grpc = probe.Grpc is { } grpc ? grpc with { Port = Number(grpc.Port, ports) } : null,
            Tcp = probe.Tcp is { } tcp ? new(Number(tcp.Port, ports)) : null,
            Exec = probe.Exec is { } exec ? new(resolve(exec.Command)) : null,
        };
}
