using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using Holdfast.Telemetry.Sinks.Otlp.Wire;

namespace Holdfast.Telemetry.Tests.Sinks;

/// <summary>What the double is told to say instead of taking a request.</summary>
/// <param name="Http">The status over HTTP.</param>
/// <param name="Grpc">The status over gRPC.</param>
/// <param name="RetryAfter">When it has room again: <c>Retry-After</c>, or RetryInfo.</param>
/// <param name="Rejected">It takes the request, but so many of its records.</param>
internal sealed record OtlpSaid(int Http = 200, StatusCode Grpc = StatusCode.Ok, TimeSpan? RetryAfter = null, long Rejected = 0);

/// <summary>
/// A double of a receiver of OTLP, written from the protocol's specification ("OTLP/gRPC" and "OTLP/HTTP": paths, content types, partial success, failures, throttling): no real one can be had here. It
/// takes records over both, and fails as it is told.
/// </summary>
internal sealed class OtlpDouble : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private RpcHost? host;

    public Uri Http { get; private set; } = null!;

    public Uri Grpc { get; private set; } = null!;

    /// <summary>By the records of a request; null: it takes them.</summary>
    public Func<IReadOnlyList<LogRecord>, OtlpSaid?> Says { get; set; } = _ => null;

    /// <summary>That it has.</summary>
    public List<LogRecord> Records { get; } = [];

    public List<ExportLogsServiceRequest> Requests { get; } = [];

    /// <summary>The last body over HTTP, as it was before it was compressed.</summary>
    public byte[] Body { get; private set; } = [];

    /// <summary>Of each request, what was shown as <c>authorization</c>, and what its body was said to be.</summary>
    public List<string> Shown { get; } = [];

    public static async Task<OtlpDouble> StartAsync()
    {
        var made = new OtlpDouble();
        var server = new RpcServer(new RpcServerOptions { OnBug = (_, e) => Assert.Fail(e.ToString()) }, TimeProvider.System, new Logs(made));
        made.host = await RpcHost.ListenTcpAsync(new(IPAddress.Loopback, 0), server, default);
        made.Grpc = new(made.host.Addresses.Single());
        for (var tries = 0; !made.listener.IsListening; tries++)
        {
            made.Http = new($"http://127.0.0.1:{Random.Shared.Next(20_000, 30_000)}");
            made.listener.Prefixes.Clear();
            made.listener.Prefixes.Add(made.Http + "");
            try
            {
                made.listener.Start();
            }
            catch (HttpListenerException) when (tries < 50)
            {
                // Somebody has that port: another one.
            }
        }

        _ = Task.Run(made.ServeAsync);
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await host!.DisposeAsync();
    }

    private (OtlpSaid? Said, ExportLogsServiceResponse Answer) Take(ExportLogsServiceRequest request, string shown)
    {
        Requests.Add(request);
        Shown.Add(shown);
        var records = request.ResourceLogs.SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords).ToList();
        var said = Says(records);
        var answer = new ExportLogsServiceResponse();
        if (said is { Rejected: > 0 }) answer.PartialSuccess = new() { RejectedLogRecords = said.Rejected, ErrorMessage = "as it was told" };
        if (said is null or { Http: 200, Grpc: StatusCode.Ok, Rejected: 0 }) Records.AddRange(records);
        return (said, answer);
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                Answer(await listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // It was closed.
                return;
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var request = context.Request;
        using var read = new MemoryStream();
        using (var from = request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(request.InputStream, CompressionMode.Decompress) : request.InputStream) from.CopyTo(read);
        Body = read.ToArray();
        if (request.HttpMethod != "POST" || request.Url!.AbsolutePath != "/v1/logs" || request.ContentType != "application/x-protobuf")
        {
            context.Response.StatusCode = 404;
            context.Response.Close();
            return;
        }

        var (said, taken) = Take(ExportLogsServiceRequest.Parser.ParseFrom(Body), $"{request.Headers["Authorization"]} {request.Headers["Content-Encoding"]}".Trim());
        if (said?.RetryAfter is { } wait) context.Response.Headers["Retry-After"] = $"{wait.TotalSeconds:0}";
        context.Response.StatusCode = said?.Http ?? 200;
        context.Response.ContentType = "application/x-protobuf";
        context.Response.Close(context.Response.StatusCode == 200 ? taken.ToByteArray() : new Google.Rpc.Status { Message = "as it was told" }.ToByteArray(), willBlock: true);
    }

    private sealed class Logs(OtlpDouble told) : RpcService
    {
        public override void Bind(MethodTable methods) =>
            methods.Unary(
                new Method<ExportLogsServiceRequest, ExportLogsServiceResponse>(
                    MethodKind.Unary, "opentelemetry.proto.collector.logs.v1.LogsService", "Export", ExportLogsServiceRequest.Parser, ExportLogsServiceResponse.Parser),
                (request, context) =>
                {
                    var (said, answer) = told.Take(request, $"{context.RequestHeaders.GetText("authorization")}");
                    if (said is null or { Grpc: StatusCode.Ok }) return Task.FromResult(answer);
                    var status = new Google.Rpc.Status { Code = (int)said.Grpc, Message = "as it was told" };
                    if (said.RetryAfter is { } wait)
                    {
                        status.Details.Add(new Any
                        {
                            TypeUrl = "type.googleapis.com/google.rpc.RetryInfo",
                            Value = new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }.ToByteString(),
                        });
                    }

                    throw status.ToException();
                });
    }
}
