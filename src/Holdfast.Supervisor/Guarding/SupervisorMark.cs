using System.Text.Json;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Guarding;

/// <summary>The identity file as its guard reads it: written when a supervisor serves, deleted when it has stopped everything and ends.</summary>
internal sealed class SupervisorMark(SupervisorPlace place)
{
    public bool Names(int pid, long creationTime) => Read(pid, creationTime) is not null;

    /// <summary>The file that it runs; null: it is not the one that serves.</summary>
    public string? ExecutableOf(int pid, long creationTime) => Read(pid, creationTime)?.Executable;

    private SupervisorIdentity? Read(int pid, long creationTime)
    {
        try
        {
            var identity = JsonSerializer.Deserialize(File.ReadAllBytes(place.Identity), SupervisionJson.Default.SupervisorIdentity);
            return identity is not null && identity.Pid == pid && identity.CreationTime == creationTime && identity.BootId == BootClock.BootId ? identity : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
