namespace Holdfast.Rpc.Config;

/// <summary>One thing that is wrong with a service config.</summary>
/// <param name="Where">As a path: <c>methodConfig[0].retryPolicy.maxAttempts</c>; a line and column where it is no JSON.</param>
/// <param name="What">One clause, with the offending value.</param>
/// <param name="Mend">What to write instead.</param>
public sealed record ServiceConfigProblem(string Where, string What, string Mend)
{
    public override string ToString() => $"{Where}: {What}; {Mend}";
}

/// <summary>A service config that cannot be used, with all that is wrong with it.</summary>
public sealed class ServiceConfigException(IReadOnlyList<ServiceConfigProblem> problems)
    : Exception("the service config cannot be used:\n" + string.Join('\n', problems))
{
    public IReadOnlyList<ServiceConfigProblem> Problems { get; } = problems;
}
