using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

internal static class HealthFields
{
    private static readonly TextShape Port = new("port name or number") { Most = 32 };

    /// <summary>The path of a request to the service.</summary>
    public static TextShape UrlPath { get; } = new("path")
    {
        Pattern = "^/[^\\s]*$",
        Check = path => path.StartsWith('/') && !path.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? null
            : new Fault(SpecRules.UrlPath, "is not a path", SpecRules.UrlPath.Reason, "write it from the root: /healthz"),
    };

    private static readonly TextShape Host = new("host name")
    {
        Most = 255,
        Check = host => host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']')
            ? null
            : new Fault(SpecRules.Host, "is not a host name", SpecRules.Host.Reason),
    };

    private static readonly GroupShape<HttpProbe> Http = new("HttpProbe", new HttpProbe("", "/"),
        new Field<HttpProbe, string>("port", Port, p => p.Port.Length == 0 ? null : p.Port, (p, v) => p with { Port = v },
            "One of the service's ports, by its name or number.") { Required = true, Example = "http" },
        new Field<HttpProbe, string>("path", UrlPath, p => p.Path, (p, v) => p with { Path = v },
            "What is asked for, query included.") { Example = "/healthz", Synonyms = ["url", "uri"] },
        new Field<HttpProbe, string>("host", Host, p => p.Host, (p, v) => p with { Host = v },
            "The Host header.") { Example = "orders.example.com", DefaultWords = "127.0.0.1 and the port" });

    private static readonly TextShape GrpcService = new("gRPC service")
    {
        Most = 120,
        Pattern = "^[A-Za-z0-9_.]*$",
        Check = name => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.')
            ? null
            : new Fault(SpecRules.GrpcService, "is not the name of a gRPC service", SpecRules.GrpcService.Reason, "write it with its package, as the .proto has it: acme.shop.v1.Shop"),
    };

    private static readonly GroupShape<GrpcProbe> Grpc = new("GrpcProbe", new GrpcProbe(""),
        new Field<GrpcProbe, string>("port", Port, p => p.Port.Length == 0 ? null : p.Port, (p, v) => p with { Port = v },
            "One of the service's ports, by its name or number. It must answer without TLS.") { Required = true, Example = "grpc" },
        new Field<GrpcProbe, string>("service", GrpcService, p => p.Service.Length == 0 ? null : p.Service, (p, v) => p with { Service = v },
            "Which of the server's services is asked for, in full.") { Example = "acme.shop.v1.Shop", DefaultWords = "the server as a whole" });

    private static readonly GroupShape<TcpProbe> Tcp = new("TcpProbe", new TcpProbe(""),
        new Field<TcpProbe, string>("port", Port, p => p.Port.Length == 0 ? null : p.Port, (_, v) => new(v),
            "One of the service's ports, by its name or number.") { Required = true, Example = "grpc" });

    private static readonly GroupShape<ExecProbe> Exec = new("ExecProbe", new ExecProbe([]),
        new Field<ExecProbe, IReadOnlyList<string>>("command", CommandShape.One, p => p.Command, (_, v) => new(v),
            "The executable and its arguments, as for the service.") { Required = true, Example = "[bin/check, --quick]" });

    private static readonly GroupShape<ProbeSpec> Probe = new("Probe", new ProbeSpec(),
        new Field<ProbeSpec, HttpProbe>("http", Http, p => p.Http, (p, v) => p with { Http = v },
            "A plain GET; a status of 200 to 399 is success.") { Example = "{port: http, path: /healthz}", Synonyms = ["httpGet", "url"] },
        new Field<ProbeSpec, GrpcProbe>("grpc", Grpc, p => p.Grpc, (p, v) => p with { Grpc = v },
            "gRPC's health protocol (grpc.health.v1, Check); SERVING is success.") { Example = "{port: grpc}" },
        new Field<ProbeSpec, TcpProbe>("tcp", Tcp, p => p.Tcp, (p, v) => p with { Tcp = v },
            "A connection that is accepted is success.") { Example = "{port: grpc}", Synonyms = ["tcpSocket"] },
        new Field<ProbeSpec, ExecProbe>("exec", Exec, p => p.Exec, (p, v) => p with { Exec = v },
            "A command that exits with 0 is success.") { Example = "{command: [bin/check]}", Synonyms = ["command"] },
        new Field<ProbeSpec, TimeSpan>("interval", DurationShape.Positive, p => p.Interval, (p, v) => p with { Interval = v },
            "From the end of one probe to the start of the next.") { Example = "5s", Synonyms = ["period", "periodSeconds"] },
        new Field<ProbeSpec, TimeSpan>("timeout", DurationShape.Positive, p => p.Timeout, (p, v) => p with { Timeout = v },
            "A probe that takes longer has failed.") { Example = "1s", Synonyms = ["timeoutSeconds"] },
        new Field<ProbeSpec, TimeSpan>("initialDelay", DurationShape.Any, p => p.InitialDelay, (p, v) => p with { InitialDelay = v },
            "From the start to the first probe.") { Example = "3s", Synonyms = ["initialDelaySeconds", "delay"] },
        new Field<ProbeSpec, int>("failures", new NumberShape(1, 1000), p => p.Failures, (p, v) => p with { Failures = v },
            "So many failures in a row make it failed.") { Example = "3", Synonyms = ["failureThreshold", "retries"] },
        new Field<ProbeSpec, int>("successes", new NumberShape(1, 1000), p => p.Successes, (p, v) => p with { Successes = v },
            "So many successes in a row make it succeeded again.") { Example = "1", Synonyms = ["successThreshold"] });

    public static GroupShape<HealthSpec> Shape { get; } = new("Health", new HealthSpec(),
        new Field<HealthSpec, ProbeSpec>("startup", Probe, h => h.Startup, (h, v) => h with { Startup = v },
            "Until it succeeds once, the other two are not asked: for services that take long to start.") { Example = "{tcp: {port: http}}" },
        new Field<HealthSpec, ProbeSpec>("liveness", Probe, h => h.Liveness, (h, v) => h with { Liveness = v },
            "When it fails, the instance is restarted.") { Example = "{http: {port: http, path: /livez}}" },
        new Field<HealthSpec, ProbeSpec>("readiness", Probe, h => h.Readiness, (h, v) => h with { Readiness = v },
            "When it fails, the instance is unhealthy and gets no traffic, but it is not restarted.") { Example = "{http: {port: http, path: /readyz}}" });
}
