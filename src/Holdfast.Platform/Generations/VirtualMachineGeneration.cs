namespace Holdfast.Platform;

/// <summary>
/// Which life of a virtual machine this is: it is another one when the machine was put back to a snapshot, restored from a backup, or copied. What its host does without saying so (to pause it, to move
/// it) changes nothing here. For one thread at a time.
/// </summary>
public abstract class VirtualMachineGeneration : IDisposable
{
    /// <summary>Another word than before when the machine is another than it was; null: it does not tell, or is none. Never waits.</summary>
    public abstract string? Now { get; }

    /// <summary>Where it is told, for people; empty: nowhere.</summary>
    public abstract string Source { get; }

    /// <summary>From now on. A host that does not tell is no failure: then it is null for ever.</summary>
    public static VirtualMachineGeneration Watch() =>
        (OperatingSystem.IsLinux() ? (VirtualMachineGeneration?)Linux.Generations.KernelGeneration.Listen()
        : OperatingSystem.IsWindows() ? Windows.Generations.CounterGeneration.Find()
        : null) ?? new Untold();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private sealed class Untold : VirtualMachineGeneration
    {
        public override string? Now => null;

        public override string Source => "";

        protected override void Dispose(bool disposing)
        {
            // It holds nothing.
        }
    }
}
