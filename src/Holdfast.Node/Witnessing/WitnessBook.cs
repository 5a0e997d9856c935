using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;

namespace Holdfast.Node.Witnessing;

/// <summary>
/// What this node holds of other nodes' logs, a file for each in <c>witness</c> of its home. A file that cannot be read stays what it was to be: nothing is cosigned of that log, and it is not taken for
/// one that was never seen.
/// </summary>
internal sealed class WitnessBook
{
    private readonly string folder;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Node, string Origin), WitnessedLog> logs = [];
    private readonly List<Problem> damaged = [];

    private WitnessBook(Home home) => folder = Path.Combine(home.Path, "witness");

    /// <summary>Files that cannot be read, one problem each.</summary>
    public IReadOnlyList<Problem> Damaged => damaged;

    public IReadOnlyList<WitnessedLog> Logs
    {
        get
        {
            lock (gate) return [.. logs.Values.OrderBy(log => log.Node, StringComparer.Ordinal).ThenBy(log => log.FirstSeen)];
        }
    }

    public static WitnessBook Open(Home home)
    {
        ArgumentNullException.ThrowIfNull(home);
        var book = new WitnessBook(home);
        if (!Directory.Exists(book.folder)) return book;
        foreach (var file in Directory.EnumerateFiles(book.folder, "*.json").Order(StringComparer.Ordinal))
        {
            var (read, why) = Read(file);
            if (read is not null && book.FileOf(read.Node, read.Origin) == file) book.logs[(read.Node, read.Origin)] = read;
            else book.damaged.Add(NotWhole(file, why.Length > 0 ? why : "it is of another log than its name says"));
        }

        return book;
    }

    /// <summary>What is held of a node's log; null: nothing. Problems: <c>audit.witness-file</c>.</summary>
    public Outcome<WitnessedLog?> Find(string node, string origin)
    {
        lock (gate)
        {
            if (logs.TryGetValue((node, origin), out var held)) return held;
            return File.Exists(FileOf(node, origin)) ? NotWhole(FileOf(node, origin), "it could not be read when the agent began") : Outcome.Of<WitnessedLog?>(null);
        }
    }

    /// <summary>On disk when it returns Done.</summary>
    public Outcome<Done> Keep(WitnessedLog log)
    {
        var ready = FolderRights.Ensure(folder, FolderRights.OwnerAndGroup);
        if (!ready.IsOk) return ready;
        var written = DurableFile.Write(FileOf(log.Node, log.Origin), JsonSerializer.SerializeToUtf8Bytes(log, WitnessJson.Default.WitnessedLog), DurableFile.OwnerOnly | UnixFileMode.GroupRead);
        lock (gate)
        {
            if (written.IsOk) logs[(log.Node, log.Origin)] = log;
        }

        return written;
    }

    private string FileOf(string node, string origin) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{node}\n{origin}")))[..32] + ".json");

    private static (WitnessedLog? Log, string Why) Read(string file)
    {
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(file), WitnessJson.Default.WitnessedLog);
            if (read is null || read.Origin is null || read.Node is null || read.Key is null || read.Note is null) return (null, "members are missing");
            return read.Open(out var why) is null ? (null, why) : (read, "");
        }
        catch (Exception e) when (e is JsonException || FileTrouble.Is(e))
        {
            return (null, e.Message);
        }
    }

    private static Problem NotWhole(string file, string why) => new(ProblemKind.Damaged, "audit.witness-file", $"{file} is not what was written: what this node holds of another node's audit log.")
    {
        Why = why,
        Mend = "bring it back from a copy. If there is none, and the log of that node is whole (`holdfast audit verify` there), remove the file and restart the agent: its next checkpoint is taken as the first",
    };
}

/// <summary>The form of the files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(WitnessedLog))]
internal sealed partial class WitnessJson : JsonSerializerContext;
