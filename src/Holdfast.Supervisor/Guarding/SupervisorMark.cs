using System.Text.Json;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Guarding;

/// <summary>The identity file as its guard reads it: written when a supervisor serves, deleted when it has stopped everything and ends.</summary>
internal sealed class SupervisorMark(SupervisorPlace place)
{
    /// <summary>Reads a made-up one: what reading needs is loaded then, and not while it is needed.</summary>
    public static void Rehearse() =>
        _ = IfOf(JsonSerializer.SerializeToUtf8Bytes(new SupervisorIdentity(1, 1, "", "", "", ""), SupervisionJson.Default.SupervisorIdentity), 0, 0);

    public bool Names(int pid, long creationTime) => Read(pid, creationTime) is not null;

    /// <summary>The file that it runs; null: it is not the one that serves.</summary>
    public string? ExecutableOf(int pid, long creationTime) => Read(pid, creationTime)?.Executable;

    private SupervisorIdentity? Read(int pid, long creationTime)
    {
        try
        {
            return IfOf(SharedFile.ReadAllBytes(place.Identity), pid, creationTime);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static SupervisorIdentity? IfOf(byte[] json, int pid, long creationTime) =>
        JsonSerializer.Deserialize(json, SupervisionJson.Default.SupervisorIdentity) is { } identity
        && identity.Pid == pid && identity.CreationTime == creationTime && identity.BootId == BootClock.BootId ? identity : null;
}
