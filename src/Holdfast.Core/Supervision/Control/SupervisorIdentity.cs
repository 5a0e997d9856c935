namespace Holdfast.Core.Supervision.Control;

/// <summary>
/// Which supervisor this is, written into the home and said again in its hello. A PID is used again and a file may be old:
/// only all four together name one process.
/// </summary>
/// <param name="CreationTime">In the platform's own unit, as in <see cref="InstanceStatus.CreationTime"/>.</param>
/// <param name="Nonce">Drawn at its start.</param>
public sealed record SupervisorIdentity(int Pid, long CreationTime, string BootId, string Nonce, string Version, string Socket)
{
    /// <summary>The file that it runs; a supervisor that was replaced by another version has the same PID and another file. Null: it is of a version that does not say.</summary>
    public string? Executable { get; init; }
}
