using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Platform.Tests.Windows;

internal sealed class ScriptedBody(NativeServicePlan plan, Action<NativeServiceLink, NativeEffect> carryOut) : INativeServiceBody
{
    private NativeServiceLink? link;

    public bool FailsToBegin { get; init; }

    public NativeServicePlan Begin(NativeServiceLink link)
    {
        this.link = link;
        return FailsToBegin ? throw new InvalidOperationException("no spec") : plan;
    }

    public void CarryOut(NativeEffect effect) => carryOut(link!, effect);
}
