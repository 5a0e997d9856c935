using System.Runtime.InteropServices;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;

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

    /// <summary>Reads nothing until <see cref="Thaw"/>; what was read is on the disk. Or why what was read cannot be handed over: then nothing has changed.</summary>
    Problem? Freeze();

    void Thaw();

    /// <summary>While it is frozen: counts and pipes of an instance, for the next image. Else its counts alone.</summary>
    OutputHandover HandOver(string instance);

    /// <summary>The pipes of <see cref="HandOver"/>, to be kept open.</summary>
    IReadOnlyList<SafeHandle> Pipes { get; }

    /// <summary>Goes on where the earlier image was.</summary>
    Outcome<Done> TakeOver(InstancePlan plan, IReadOnlyList<byte[]> secrets, OutputHandover earlier);

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
