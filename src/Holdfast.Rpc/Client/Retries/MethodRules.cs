using Holdfast.Rpc.Config;

namespace Holdfast.Rpc.Client.Retries;

/// <summary>Finds what a service config says of a method: the most specific name wins.</summary>
internal sealed class MethodRules
{
    private readonly Dictionary<string, MethodConfig> methods = new(StringComparer.Ordinal);

    /// <exception cref="ServiceConfigException">Something in it is wrong.</exception>
    public MethodRules(ServiceConfig config)
    {
        if (config.Problems() is { Count: > 0 } problems) throw new ServiceConfigException(problems);
        foreach (var method in config.Methods)
        {
            foreach (var name in method.Names) methods.Add(name.Key, method);
        }
    }

    public MethodConfig? Find(string service, string path) =>
        methods.GetValueOrDefault(path) ?? methods.GetValueOrDefault(new MethodName(service).Key) ?? methods.GetValueOrDefault("");
}
