namespace Holdfast.Core.NativeServices;

/// <summary>The controls that a service takes in its present state; the bits are the SCM's own (dwControlsAccepted). What we never take has no name here.</summary>
[Flags]
public enum AcceptedControls
{
    None = 0,
    Stop = 0x001,
    PauseContinue = 0x002,
    Shutdown = 0x004,
    ParamChange = 0x008,
    Preshutdown = 0x100,
}
