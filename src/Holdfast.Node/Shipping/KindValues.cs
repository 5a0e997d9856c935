using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Units;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Trust;
using Holdfast.Telemetry.Sinks.Kafka;

namespace Holdfast.Node.Shipping;

/// <summary>What stands under kinds of sinks and sources, as several of them have it. Each notes its problem; null: it is not there, or wrong.</summary>
internal static class KindValues
{
    /// <summary>Where a Kafka is, and how one signs in: the keys brokers, tls, ca, mechanism, user and passwordFile.</summary>
    public static KafkaAccess Kafka(PolicyDocument read, MappingNode mapping)
    {
        var brokers = new List<string>();
        foreach (var item in read.Items(mapping, "brokers"))
        {
            if (read.Text(item, "a broker") is not { } text) continue;
            if (text.LastIndexOf(':') is > 0 and var colon && int.TryParse(text[(colon + 1)..], out var port) && port is > 0 and <= 65535 && !text.Contains(',', StringComparison.Ordinal)) brokers.Add(text);
            else read.Note(item.Place, "sinks.broker", $"'{text}' is no broker", null, "HOST:PORT, as kafka-1:9092");
        }

        if (mapping.Find("brokers") is null || (brokers.Count == 0 && read.Problems.Count == 0)) read.Note(mapping.Place, "policy.missing-key", "kafka has no 'brokers'");
        var (isSecured, roots) = Secured(read, mapping);
        var mechanism = Word(read, mapping, "mechanism", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");
        var (user, password) = (read.Text(mapping, "user"), read.Text(mapping, "passwordFile"));
        if (mechanism is not null != (user is not null && password is not null) || user is null != password is null) read.Note(mapping.Place, "sinks.sign-in", "mechanism, user and passwordFile belong together");
        return new(brokers)
        {
            Tls = isSecured, Authorities = roots is null ? null : read.Text(mapping, "ca"), Mechanism = mechanism, User = user ?? "", Password = () => password is null ? "" : SignIn.Secret(password),
        };
    }

    public static string? Word(PolicyDocument read, MappingNode mapping, string key, params string[] words)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (words.Contains(text)) return text;
        read.Note(mapping.Find(key)!.Value.Place, "sinks.word", $"{key} is '{text}'; one of {string.Join(", ", words)} is expected");
        return null;
    }

    public static (bool IsSecured, X509Certificate2Collection? Roots) Secured(PolicyDocument read, MappingNode mapping)
    {
        var (isSecured, roots) = (Flag(read, mapping, "tls") ?? false, Authorities(read, mapping));
        if (roots is not null && !isSecured) read.Note(mapping.Find("ca")!.Value.Place, "sinks.ca", "ca means nothing without tls", null, "write `tls: true`, or remove it");
        return (isSecured, roots);
    }

    /// <summary>Null: the machine's own roots.</summary>
    public static X509ChainPolicy? Only(X509Certificate2Collection? roots)
    {
        if (roots is null) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    /// <summary>Read with the file: what is wrong with them is a problem of the file's, and no sink ends over it.</summary>
    public static X509Certificate2Collection? Authorities(PolicyDocument read, MappingNode mapping)
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

    public static int? Number(PolicyDocument read, MappingNode mapping, string key, int least, int most)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (int.TryParse(text, out var number) && number >= least && number <= most) return number;
        read.Note(mapping.Find(key)!.Value.Place, "sinks.number", $"{key} is '{text}'; {least} to {most} is expected");
        return null;
    }

    public static long? Size(PolicyDocument read, MappingNode mapping, string key)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (SizeText.TryParse(text, out var size) && size >= 64 << 10) return size;
        read.Note(mapping.Find(key)!.Value.Place, "sinks.size", $"{key} is '{text}'; a size of 64KiB or more is expected, as 64MiB");
        return null;
    }

    public static bool? Flag(PolicyDocument read, MappingNode mapping, string key)
    {
        if (read.Text(mapping, key) is not { } text) return null;
        if (text is "true" or "false") return text == "true";
        read.Note(mapping.Find(key)!.Value.Place, "sinks.flag", $"{key} is '{text}'; true or false is expected");
        return null;
    }
}
