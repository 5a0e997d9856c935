using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Units;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;
using Holdfast.Telemetry.Sinks;
using Holdfast.Telemetry.Sinks.Elasticsearch;
using Holdfast.Telemetry.Sinks.Files;
using Holdfast.Telemetry.Sinks.Kafka;
using Holdfast.Telemetry.Sinks.Lines;
using Holdfast.Telemetry.Sinks.Otlp;
using Holdfast.Telemetry.Sinks.StandardOutput;

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
        var brokers = new List<string>();
        foreach (var item in read.Items(mapping, "brokers"))
        {
            if (read.Text(item, "a broker") is not { } text) continue;
            if (text.LastIndexOf(':') is > 0 and var colon && int.TryParse(text[(colon + 1)..], out var port) && port is > 0 and <= 65535 && !text.Contains(',', StringComparison.Ordinal)) brokers.Add(text);
            else read.Note(item.Place, "sinks.broker", $"'{text}' is no broker", null, "HOST:PORT, as kafka-1:9092");
        }

        if (mapping.Find("brokers") is null || (brokers.Count == 0 && read.Problems.Count == 0)) read.Note(mapping.Place, "policy.missing-key", "kafka has no 'brokers'");
        var topic = read.Required(mapping, "topic", "kafka");
        var (isSecured, roots) = Secured(read, mapping);
        var mechanism = Word(read, mapping, "mechanism", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");
        var (user, password) = (read.Text(mapping, "user"), read.Text(mapping, "passwordFile"));
        if (mechanism is not null != (user is not null && password is not null) || user is null != password is null) read.Note(mapping.Place, "sinks.sign-in", "mechanism, user and passwordFile belong together");
        var compression = Word(read, mapping, "compression", "none", "gzip", "snappy", "lz4", "zstd") ?? "lz4";
        if (topic is null) return null;
        var options = new KafkaOptions(brokers, topic)
        {
            Tls = isSecured, Authorities = roots is null ? null : read.Text(mapping, "ca"), Mechanism = mechanism, User = user ?? "", Compression = compression, Password = () => password is null ? "" : SignIn.Secret(password),
        };
        return () => new KafkaSink(options, time);
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

    private static string? Word(PolicyDocument read, MappingNode mapping, string key, params string[] words)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (words.Contains(text)) return text;
        read.Note(mapping.Find(key)!.Value.Place, "sinks.word", $"{key} is '{text}'; one of {string.Join(", ", words)} is expected");
        return null;
    }

    private static (bool IsSecured, X509Certificate2Collection? Roots) Secured(PolicyDocument read, MappingNode mapping)
    {
        var (isSecured, roots) = (Flag(read, mapping, "tls") ?? false, Authorities(read, mapping));
        if (roots is not null && !isSecured) read.Note(mapping.Find("ca")!.Value.Place, "sinks.ca", "ca means nothing without tls", null, "write `tls: true`, or remove it");
        return (isSecured, roots);
    }

    /// <summary>Null: the machine's own roots.</summary>
    private static X509ChainPolicy? Only(X509Certificate2Collection? roots)
    {
        if (roots is null) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    /// <summary>Read with the file: what is wrong with them is a problem of the file's, and no sink ends over it.</summary>
    private static X509Certificate2Collection? Authorities(PolicyDocument read, MappingNode mapping)
    {
        if (read.Text(mapping, "ca") is not { } path) return null;
        var roots = new X509Certificate2Collection();
        var why = "it is not absolute";
        try
        {
            if (Path.IsPathFullyQualified(path)) roots.ImportFromPemFile(path);
            if (roots.Count > 0) return roots;
            if (Path.IsPathFullyQualified(path)) why = "there is no certificate in it";
        }
        catch (Exception e) when (FileTrouble.Is(e) || e is CryptographicException)
        {
            why = e.Message;
        }

        read.Note(mapping.Find("ca")!.Value.Place, "sinks.ca", $"'{path}' cannot be used: {why}", null, "the absolute path of a file with certificates in PEM");
        return null;
    }

    private static int? Number(PolicyDocument read, MappingNode mapping, string key, int least, int most)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (int.TryParse(text, out var number) && number >= least && number <= most) return number;
        read.Note(mapping.Find(key)!.Value.Place, "sinks.number", $"{key} is '{text}'; {least} to {most} is expected");
        return null;
    }

    private static long? Size(PolicyDocument read, MappingNode mapping, string key)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (SizeText.TryParse(text, out var size) && size >= 64 << 10) return size;
        read.Note(mapping.Find(key)!.Value.Place, "sinks.size", $"{key} is '{text}'; a size of 64KiB or more is expected, as 64MiB");
        return null;
    }

    private static bool? Flag(PolicyDocument read, MappingNode mapping, string key)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (text is "true" or "false") return text == "true";
        read.Note(mapping.Find(key)!.Value.Place, "sinks.flag", $"{key} is '{text}'; true or false is expected");
        return null;
    }
}
