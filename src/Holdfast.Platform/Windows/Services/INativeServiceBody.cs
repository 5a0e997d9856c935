using Holdfast.Core.NativeServices;

namespace Holdfast.Platform.Windows.Services;

/// <summary>What a native service is made of: the supervisor, seen from the SCM. Its calls come from one thread, one after the other, and must not wait for long.</summary>
public interface INativeServiceBody
{
    /// <summary>The first call: reads what the service is, and begins. What happens is told to <paramref name="link"/>, from when this has returned.</summary>
    NativeServicePlan Begin(NativeServiceLink link);

    /// <summary>Begins what is wanted; its outcome is told to the link. An exception is the host's own failure. After <see cref="NativeEffect.Abandon"/> the process ends.</summary>
    void CarryOut(NativeEffect effect);
}
