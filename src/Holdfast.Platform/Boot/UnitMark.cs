using System.Text;
using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>
/// That a supervisor is a unit of the service manager: a file beside its lock with the unit's name. Whoever finds it starts no
/// supervisor there: what the service manager stopped is stopped.
/// </summary>
public static class UnitMark
{
    /// <summary>The unit's name; null: the service manager does not run it.</summary>
    public static string? Read(SupervisorPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        try
        {
            return SharedFile.ReadAllText(place.UnitMark).Trim() is { Length: > 0 } name ? name : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static Outcome<Done> Write(SupervisorPlace place, string unit)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Read(place) == unit ? Outcome.Done : place.MakeFolder().Then(_ => DurableFile.Write(place.UnitMark, Encoding.UTF8.GetBytes(unit + "\n")));
    }

    /// <summary>From now on the agent starts it. Done where there is none.</summary>
    public static Outcome<Done> Remove(SupervisorPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return File.Exists(place.UnitMark) ? DurableFile.Delete(place.UnitMark) : Outcome.Done;
    }
}
