using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Rpc.Config;

/// <summary>
/// gRPC's service config: how a client treats the methods of a server. Written down here, or read from gRPC's JSON (grpc/grpc, doc/service_config.md).
/// Of what gRPC knows, the policies of load balancing and health checking have no meaning here and are passed over.
/// </summary>
public sealed record ServiceConfig
{
    public IReadOnlyList<MethodConfig> Methods { get; init; } = [];

    /// <summary>Null: retries are not throttled.</summary>
    public RetryThrottling? Throttling { get; init; }

    /// <exception cref="ServiceConfigException">Something in it is wrong; it says all that is.</exception>
    public static ServiceConfig Parse(string json) => TryParse(json, out var config, out var problems) ? config : throw new ServiceConfigException(problems);

    public static bool TryParse(string json, [NotNullWhen(true)] out ServiceConfig? config, out IReadOnlyList<ServiceConfigProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(json);
        var reading = new ServiceConfigReading();
        config = reading.Read(json);
        if (config is not null) reading.Problems.AddRange(config.Problems());
        problems = reading.Problems;
        if (problems.Count > 0) config = null;
        return config is not null;
    }

    /// <summary>All that is wrong with it; empty: nothing is.</summary>
    public IReadOnlyList<ServiceConfigProblem> Problems() => ServiceConfigCheck.Problems(this);
}
