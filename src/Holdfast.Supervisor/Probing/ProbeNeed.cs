namespace Holdfast.Supervisor.Probing;

/// <summary>What a probe waits for.</summary>
internal enum ProbeNeed
{
    /// <summary>It has not begun, or is over.</summary>
    Nothing,

    Writing,

    Reading,
}
