using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

internal static class SecretChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        foreach (var name in spec.Secrets.Keys)
        {
            if (reading.Has($"environment.{name}_FILE"))
                reading.Report($"secrets.{name}", new(SpecRules.SecretName, $"becomes {name}_FILE, which `environment` sets as well", null, "rename the secret, or remove the variable"));
        }
    }
}
