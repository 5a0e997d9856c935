using Holdfast.Testing.Clocks;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Supervisor.Capture;

namespace Holdfast.Supervisor.Tests.Capture;

/// <summary>The capture of one instance over a folder of its own, driven by the test itself.</summary>
internal sealed class CaptureFixture : ICaptureObserver, IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("holdfast-capture-").FullName;
    private readonly CaptureWorkspace workspace = new();

    public CaptureFixture(OutputSpec? spec = null, params string[] secrets) =>
        Output = OutputCapture.Create(Folder, spec ?? new(), secrets, this, Time).Value;

    public string Folder => Path.Combine(root, "output");

    public string Root => root;

    public StandingClock Time { get; } = new();

    public OutputCapture Output { get; }

    public List<Problem> Troubles { get; } = [];

    public List<CaptureRecovery> Recoveries { get; } = [];

    /// <summary>Makes the folder unusable, as a broken disk does: a file stands where it should be.</summary>
    public void BreakDisk() => File.WriteAllText(Folder, "");

    public void MendDisk() => File.Delete(Folder);

    public (Pipe Pipe, CaptureStream Stream) Attach(StreamKind kind = StreamKind.Stdout)
    {
        var pipe = Pipe.Create();
        return (pipe, Output.Attach(kind, pipe.Read));
    }

    /// <summary>Writes into the pipe and reads it, each part by itself.</summary>
    public void Write((Pipe Pipe, CaptureStream Stream) stream, params byte[][] parts)
    {
        foreach (var part in parts)
        {
            stream.Pipe.Write.Write(part);
            Read(stream.Stream);
        }
    }

    public void Write((Pipe Pipe, CaptureStream Stream) stream, params string[] parts) =>
        Write(stream, [.. parts.Select(Encoding.UTF8.GetBytes)]);

    public CaptureStep Read(CaptureStream stream)
    {
        CaptureStep step;
        do step = stream.OnReadable(workspace);
        while (step == CaptureStep.Read);
        return step;
    }

    public CaptureStep End((Pipe Pipe, CaptureStream Stream) stream)
    {
        stream.Pipe.Write.Dispose();
        return Read(stream.Stream);
    }

    public void Pause(CaptureStream stream)
    {
        Time.Advance(TimeSpan.FromSeconds(2));
        stream.OnPause(workspace);
    }

    public void Abandon(CaptureStream stream) => stream.Abandon(workspace);

    /// <summary>What is on the disk, a line each: <c>stdout text</c>, with <c>~</c> before what resumes and after what is unfinished.</summary>
    public List<string> Stored()
    {
        using var reader = SegmentReader.Open(Folder, SegmentStart.Beginning, Time);
        var lines = new List<string>();
        while (reader.TryRead(out var block))
        {
            foreach (var line in block.Split())
            {
                var resumed = (line.Flags & BlockFlags.Resumed) != 0 ? "~" : "";
                var unfinished = (line.Flags & BlockFlags.Unfinished) != 0 ? "~" : "";
                lines.Add($"{line.Stream.Name()} {resumed}{Encoding.UTF8.GetString(line.Text.Span)}{unfinished}");
            }
        }

        return lines;
    }

    public void Trouble(Problem problem) => Troubles.Add(problem);

    public void Recovered(CaptureRecovery recovery) => Recoveries.Add(recovery);

    public int Syncs { get; private set; }

    public void Synced() => Syncs++;

    public void Dispose()
    {
        Output.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
