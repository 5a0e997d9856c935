using Holdfast.Core.Documents;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;
using Holdfast.Telemetry.Sinks;
using Holdfast.Telemetry.Sinks.Elasticsearch;
using Holdfast.Telemetry.Sinks.Files;
using Holdfast.Telemetry.Sinks.Kafka;
using Holdfast.Telemetry.Sinks.Lines;
using Holdfast.Telemetry.Sinks.Otlp;
using Holdfast.Telemetry.Sinks.StandardOutput;
using static Holdfast.Node.Shipping.KindValues;

namespace Holdfast.Node.Shipping;

/// <summary>A kind of sink: its word in the file, and how what stands under it is read.</summary>
/// <param name="Read">Notes every problem; null: there is at least one.</param>
internal sealed record SinkKind(string Word, Func<PolicyDocument, DocumentNode, TimeProvider, Func<ISink>?> Read);

/// <summary>All kinds of sinks: one is a folder in the telemetry and a line here.</summary>
internal static class SinkKinds
{
    /// <summary>What OTLP over gRPC has by its specification; over HTTP it is 4318.</summary>
    private const int GrpcPort = 4317;

    public static IReadOnlyList<SinkKind> All { get; } = [new("file", File), new("lines", Lines), new("elasticsearch", Elasticsearch), new("kafka", Kafka), new("otlp", Otlp), new("stdout", StandardOutput)];

    private static Func<ISink>? File(PolicyDocument read, DocumentNode node, TimeProvider time)
    {
        if (read.Mapping(node, "file", "path", "rotate", "keep") is not { } mapping) return null;
        var path = read.Required(mapping, "path", "file");
        if (path is not null && !Path.IsPathFullyQualified(path)) read.Note(mapping.Find("path")!.Value.Place, "sinks.path", $"'{path}' is not absolute", null, "begin it with the root");
        var rotate = Size(read, mapping, "rotate") ?? (64L << 20);
        var keep = Number(read, mapping, "keep", 1, 1000) ?? 10;
        return path is null ? null : () => new FileSink(path, rotate, keep);
    }

    private static Func<ISink>? Lines(PolicyDocument read, DocumentNode node, TimeProvider time)
    {
        if (read.Mapping(node, "lines", "host", "port", "tls", "ca") is not { } mapping) return null;
        var host = read.Required(mapping, "host", "lines");
        if (mapping.Find("port") is null) read.Note(mapping.Place, "policy.missing-key", "lines has no 'port'");
        var port = Number(read, mapping, "port", 1, 65535);
        var (isSecured, roots) = Secured(read, mapping);
        return host is null || port is null ? null : () => new LinesSink(host, port.Value, isSecured ? new() { TargetHost = host, CertificateChainPolicy = Only(roots) } : null, time);
    }

    private static Func<ISink>? Elasticsearch(PolicyDocument read, DocumentNode node, TimeProvider time)
    {
        if (read.Mapping(node, "elasticsearch", "urls", "target", "apiKeyFile", "user", "passwordFile", "ca", "gzip") is not { } mapping) return null;
        var urls = new List<Uri>();
        foreach (var item in read.Items(mapping, "urls"))
        {
            if (read.Text(item, "a URL") is not { } text) continue;
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0) urls.Add(url);
            // Whatever it is may hold a secret, and is not repeated.
            else read.Note(item.Place, "sinks.url", "this is no URL of an Elasticsearch", "who signs in, and with what, does not stand in it", "https://HOST:9200, and apiKeyFile or user with passwordFile");
        }

        if (mapping.Find("urls") is null || (urls.Count == 0 && read.Problems.Count == 0)) read.Note(mapping.Place, "policy.missing-key", "elasticsearch has no 'urls'");
        var target = read.Text(mapping, "target") ?? "logs-holdfast-default";
        var (key, user, password) = (read.Text(mapping, "apiKeyFile"), read.Text(mapping, "user"), read.Text(mapping, "passwordFile"));
        if (user is null != password is null) read.Note(mapping.Place, "sinks.sign-in", "user and passwordFile belong together");
        if (key is not null && user is not null) read.Note(mapping.Place, "sinks.sign-in", "it signs in by apiKeyFile or by user, not by both");
        var roots = Authorities(read, mapping);
        var options = new ElasticsearchOptions(urls, target) { Gzip = Flag(read, mapping, "gzip") ?? true, Authorization = () => SignIn.Header(key, user, password) };
        return () => new ElasticsearchSink(options, new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), SslOptions = new() { CertificateChainPolicy = Only(roots) } }, time);
    }

    private static Func<ISink>? Kafka(PolicyDocument read, DocumentNode node, TimeProvider time)
    {
        if (read.Mapping(node, "kafka", "brokers", "topic", "tls", "ca", "mechanism", "user", "passwordFile", "compression") is not { } mapping) return null;
        var access = KindValues.Kafka(read, mapping);
        var topic = read.Required(mapping, "topic", "kafka");
        var compression = Word(read, mapping, "compression", "none", "gzip", "snappy", "lz4", "zstd") ?? "lz4";
        return topic is null ? null : () => new KafkaSink(new(access, topic) { Compression = compression }, time);
    }

    private static Func<ISink>? Otlp(PolicyDocument read, DocumentNode node, TimeProvider time)
    {
        if (read.Mapping(node, "otlp", "endpoint", "protocol", "ca", "headersFile", "gzip") is not { } mapping) return null;
        var endpoint = read.Required(mapping, "endpoint", "otlp") is { } text ? Endpoint(read, mapping, text) : null;
        var protocol = Word(read, mapping, "protocol", "grpc", "http") ?? (endpoint?.Port == GrpcPort ? "grpc" : "http");
        if (endpoint is { AbsolutePath.Length: > 1 } && protocol == "grpc") read.Note(mapping.Find("endpoint")!.Value.Place, "sinks.url", "a path means nothing to gRPC", null, "https://HOST:4317, or protocol: http");
        var roots = Authorities(read, mapping);
        if (roots is not null && endpoint?.Scheme == Uri.UriSchemeHttp) read.Note(mapping.Find("ca")!.Value.Place, "sinks.ca", "ca means nothing without TLS", null, "begin the endpoint with https://, or remove it");
        var headers = read.Text(mapping, "headersFile");
        var options = new OtlpOptions { Gzip = Flag(read, mapping, "gzip") ?? true, Headers = () => headers is null ? "" : SignIn.Secret(headers) };
        if (endpoint is null) return null;
        return () => protocol == "grpc" ? OtlpSink.Grpc(endpoint, Only(roots), options, time) : OtlpSink.Http(endpoint, Only(roots), options, time);
    }

    private static Uri? Endpoint(PolicyDocument read, MappingNode mapping, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0) return url;
        // Whatever it is may hold a secret, and is not repeated.
        read.Note(mapping.Find("endpoint")!.Value.Place, "sinks.url", "this is no endpoint of an OTLP receiver", "what is shown to it does not stand in it", "https://HOST:4317 for gRPC, https://HOST:4318 for HTTP, and headersFile");
        return null;
    }

    private static Func<ISink>? StandardOutput(PolicyDocument read, DocumentNode node, TimeProvider time) =>
        read.Mapping(node, "stdout") is null ? null : () => new StandardOutputSink(OwnOutput.Open);
}
