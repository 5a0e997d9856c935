using System.Text.Json;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>Who the home's supervisor says it is, on disk.</summary>
internal static class SupervisorIdentityFile
{
    /// <summary>Null where there is none, or none that can be read.</summary>
    public static SupervisorIdentity? Read(Home home)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(home.SupervisorIdentity), SupervisionJson.Default.SupervisorIdentity);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
