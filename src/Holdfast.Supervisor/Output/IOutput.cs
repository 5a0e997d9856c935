using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Output;

/// <summary>Where an instance's stdout and stderr go. Used from the loop's thread.</summary>
internal interface IOutput : IDisposable
{
    /// <summary>New pipes for one process; what is written to them is captured until their last end is closed.</summary>
    /// <param name="secrets">Must not reach the disk.</param>
    Outcome<OutputEnds> Attach(InstancePlan plan, IReadOnlyList<byte[]> secrets);

    /// <summary>Counts of an earlier supervisor to go on from. Before the first <see cref="Attach"/>.</summary>
    void Recall(string instance, CaptureStatus earlier);

    CaptureStatus StatusOf(string instance);

    /// <summary>The instance is gone: what is in its pipes is still written, then nothing more.</summary>
    void Close(string instance);
}

/// <summary>The child's ends. Dispose when the child has its own.</summary>
internal sealed class OutputEnds(IDisposable output, SafeHandle outputHandle, IDisposable error, SafeHandle errorHandle) : IDisposable
{
    public SafeHandle Output => outputHandle;

    public SafeHandle Error => errorHandle;

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }
}
