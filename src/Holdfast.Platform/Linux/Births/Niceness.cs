using Holdfast.Core.Services;

namespace Holdfast.Platform.Linux.Births;

/// <summary>The kernel's words for a priority; above normal needs privileges and is otherwise as near as may be.</summary>
internal static class Niceness
{
    public static int Of(PriorityClass priority) => priority switch
    {
        PriorityClass.Low => 15,
        PriorityClass.BelowNormal => 5,
        PriorityClass.AboveNormal => -5,
        PriorityClass.High => -10,
        _ => 0,
    };
}
