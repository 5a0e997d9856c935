using System.Text;
using Holdfast.Core.Services;
using Holdfast.Core.Sources;
using Holdfast.Node.Sources;
using Holdfast.Segments;
using Holdfast.Telemetry.Sources.Files;

namespace Holdfast.Node.Tests.Sources;

/// <summary>A service's data folder on the disk, and the agent's reader of what is written there.</summary>
internal sealed class WritingService : IDisposable
{
    private readonly TimeProvider time;
    private readonly OutputSpec spec;
    private readonly string[] secrets;
    private FileFollower? follower;

    public WritingService(string folder, TimeProvider time, OutputSpec? spec = null, params string[] secrets)
    {
        (Folder, this.time, this.secrets) = (folder, time, secrets);
        this.spec = spec ?? new() { Files = [new("logs/app.log")] };
        Directory.CreateDirectory(Logs);
    }

    public string Folder { get; }

    public string Data => Path.Combine(Folder, "data");

    public string Logs => Path.Combine(Data, "logs");

    public string Output => Path.Combine(Folder, "output");

    public FileFollower Follower => follower ??= new(
        Output, FollowSettings.From(spec, secrets).Value, new ServiceFiles([.. spec.Files.Select(file => SourcePattern.Of(file.Path, Data, file.Encoding))]), time);

    public string this[string name] => Path.Combine(Logs, name);

    public void Append(string name, string text) => Append(name, Encoding.UTF8.GetBytes(text));

    public void Append(string name, byte[] text)
    {
        using var file = new FileStream(this[name], FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(text);
    }

    /// <summary>Until there is nothing left to read.</summary>
    public void ReadAll()
    {
        while (Follower.Turn())
        {
            // There is more at once.
        }
    }

    /// <summary>As an agent that ends in order, and the next one.</summary>
    public void Restart()
    {
        follower?.Dispose();
        follower = null;
    }

    public List<SegmentBlock> Blocks()
    {
        using var reader = SegmentReader.Open(Output, SegmentStart.Beginning, time);
        var blocks = new List<SegmentBlock>();
        while (reader.TryRead(out var block)) blocks.Add(block with { Payload = block.Payload.ToArray() });
        return blocks;
    }

    /// <summary>The lines of its files, in the order of the segments.</summary>
    public List<string> Lines() =>
        [.. Blocks().Where(block => block.Stream == StreamKind.File).SelectMany(block => Encoding.UTF8.GetString(block.Payload.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    public IEnumerable<Loss> Losses() => Blocks().Select(block => block.Loss).OfType<Loss>();

    public void Dispose() => follower?.Dispose();
}
