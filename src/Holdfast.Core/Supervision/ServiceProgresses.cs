namespace Holdfast.Core.Supervision;

/// <summary>The node's services as the start order sees them, from its instances.</summary>
public static class ServiceProgresses
{
    public static Dictionary<string, ServiceProgress> Of(IEnumerable<Instance> instances)
    {
        var services = new Dictionary<string, ServiceProgress>(StringComparer.Ordinal);
        foreach (var instance in instances)
        {
            var plan = instance.Desired.Plan;
            var done = instance.Phase is Phase.Completed;
            var one = new ServiceProgress(
                plan.Spec.After,
                instance.Desired.Run == RunState.Running && !instance.Leaving,
                done || instance.Process is not null,
                done || (instance.Process is not null && instance.Health.Ready),
                WordOf(instance.Phase.State));
            services[plan.Service] = services.TryGetValue(plan.Service, out var others) ? Join(others, one) : one;
        }

        return services;
    }

    private static ServiceProgress Join(ServiceProgress one, ServiceProgress other) => new(
        one.After,
        one.Wanted || other.Wanted,
        one.Started || other.Started,
        one.Ready || other.Ready,
        one.Ready || one.Started ? one.State : other.State);

    private static string WordOf(InstanceState state) => state == InstanceState.BackingOff ? "backing-off" : state.ToString().ToLowerInvariant();
}
