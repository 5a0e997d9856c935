using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Upgrading;

/// <summary>A child that runs the new image over a handover, and what it says: the answer alone counts, not how it ends.</summary>
internal sealed class Proof : IDisposable
{
    /// <summary>Thousands of instances are read in well under a second; the rest is for a machine that is busy.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    private const int MostBytes = 64 << 10;

    private readonly MemoryStream answer = new();
    private readonly HeldProcess child;
    private readonly PipeReadEnd pipe;
    private readonly string executable;
    private readonly string digest;
    private readonly int instances;

    private Proof(HeldProcess child, PipeReadEnd pipe, string executable, string digest, int instances)
    {
        (this.child, this.pipe) = (child, pipe);
        (this.executable, this.digest, this.instances) = (executable, digest, instances);
    }

    /// <summary>Readable when there is something to <see cref="Read"/>.</summary>
    public System.Runtime.InteropServices.SafeHandle Handle => pipe.Handle;

    public static Outcome<Proof> Start(string executable, byte[] document, int instances)
    {
        using var question = PassedDocument.Create(document);
        var ends = Pipe.Create();
        using (ends.Write)
        {
            var started = HeldProcess.Ask(executable, ["prove"], OwnVariables.All(), question.Handle, ends.Write.Handle);
            if (started.TryGet(out var child)) return new Proof(child, ends.Read, executable, HandoverDocument.DigestOf(document), instances);
            ends.Read.Dispose();
            return Refused(executable, string.Join("; ", started.Problems));
        }
    }

    /// <summary>Reads what is there. True: all was said.</summary>
    public bool Read()
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (true)
        {
            var read = pipe.Read(buffer);
            if (read.State == ReadState.WouldBlock) return false;
            if (read.State == ReadState.End || answer.Length + read.Bytes > MostBytes) return true;
            answer.Write(buffer[..read.Bytes]);
        }
    }

    /// <summary>Waits on this thread until all was said, or it takes too long.</summary>
    public void ReadToEnd()
    {
        using var readiness = Readiness.Create();
        readiness.Add(pipe.Handle, 0);
        Span<ReadyEvent> events = stackalloc ReadyEvent[1];
        for (var until = BootClock.SinceBoot + Within; BootClock.SinceBoot < until;)
        {
            if (readiness.Wait(events, until - BootClock.SinceBoot) > 0 && Read()) return;
        }
    }

    /// <summary>The new version; or why it may not take over.</summary>
    public Outcome<string> Judge()
    {
        try
        {
            var said = JsonSerializer.Deserialize(answer.ToArray(), HandoverJson.Default.HandoverProof);
            if (said is null) return Refused(executable, "it said nothing");
            if (said.Problem is { } problem) return Refused(executable, problem);
            return said.Digest == digest && said.Instances == instances ? said.Version : Refused(executable, "it has not understood all that would be handed over");
        }
        catch (JsonException)
        {
            return Refused(executable, answer.Length == 0 ? "it said nothing: it crashed, took too long, or is no supervisor that can take over" : "what it said is not an answer");
        }
    }

    public void Dispose()
    {
        child.End();
        child.Dispose();
        pipe.Dispose();
        answer.Dispose();
    }

    private static Problem Refused(string executable, string why) => new(ProblemKind.Refused, "upgrade.not-proven", $"{executable} has not proven that it can take over")
    {
        Why = why,
        Mend = "everything runs on under the present version; its log has the rest",
    };
}
