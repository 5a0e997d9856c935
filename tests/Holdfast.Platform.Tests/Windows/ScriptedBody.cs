using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Platform.Tests.Windows;

internal sealed class ScriptedBody(NativeServicePlan plan, Action<NativeServiceLink, NativeEffect> carryOut) : INativeServiceBody
{
    private NativeServiceLink? link;

    /// <summary>What happens while it is read what the service is.</summary>
    public Action Reads { get; init; } = () => { };

    public NativeServicePlan Begin(NativeServiceLink link)
    {
        this.link = link;
        Reads();
        return plan;
    }

    public void CarryOut(NativeEffect effect) => carryOut(link!, effect);
}
