using System.Text.Json;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>Who a supervisor says it is, on disk.</summary>
internal static class SupervisorIdentityFile
{
    /// <summary>Null where there is none, or none that can be read.</summary>
    public static SupervisorIdentity? Read(SupervisorPlace place)
    {
        try
        {
            return JsonSerializer.Deserialize(SharedFile.ReadAllBytes(place.Identity), SupervisionJson.Default.SupervisorIdentity);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
