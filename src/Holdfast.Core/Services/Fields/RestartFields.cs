using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

internal static class RestartFields
{
    private sealed record Codes(IReadOnlyList<int> Success, IReadOnlyList<int> Retry, IReadOnlyList<int> Permanent)
    {
        public static Codes Of(RestartSpec restart) => new(restart.SuccessCodes, restart.RetryCodes, restart.PermanentCodes);
    }

    private static readonly ListShape<int> CodeList = new("list of exit codes", new NumberShape(int.MinValue));

    private static readonly GroupShape<Codes> CodeFields = new("ExitCodes", Codes.Of(new RestartSpec()),
        new Field<Codes, IReadOnlyList<int>>("success", CodeList, c => c.Success, (c, v) => c with { Success = v },
            "Exit codes that mean that the work is done. Under policy on-failure they end the instance.") { Example = "[0, 3]" },
        new Field<Codes, IReadOnlyList<int>>("retry", CodeList, c => c.Retry, (c, v) => c with { Retry = v },
            "Exit codes after which a restart is always worth trying, unless the policy is never.") { Example = "[75]" },
        new Field<Codes, IReadOnlyList<int>>("permanent", CodeList, c => c.Permanent, (c, v) => c with { Permanent = v },
            "Exit codes that no restart will mend, as of a wrong configuration: the instance is failed at once.") { Example = "[78]", Synonyms = ["fatal", "never"] });

    public static GroupShape<RestartSpec> Shape { get; } = new("Restart", new RestartSpec(),
        new Field<RestartSpec, RestartPolicy>("policy",
            new ChoiceShape<RestartPolicy>(
                ("always", RestartPolicy.Always, "Whenever it ends by itself."),
                ("on-failure", RestartPolicy.OnFailure, "When it ends with a code that is not a success, or by a signal."),
                ("never", RestartPolicy.Never, "Not at all.")),
            r => r.Policy, (r, v) => r with { Policy = v },
            "When a service that ended by itself is started again. What operators do is not counted.") { Example = "on-failure" },
        new Field<RestartSpec, OnExit>("onExit",
            new ChoiceShape<OnExit>(
                ("restart", OnExit.Restart, "It is started again where it was; when that is given up, it fails over."),
                ("failover", OnExit.Failover, "It fails over at once. Only with placement mode active-standby.")),
            r => r.OnExit, (r, v) => r with { OnExit = v },
            "What is tried first when a service that leads ended by itself.") { Example = "failover" },
        new Field<RestartSpec, IReadOnlyList<TimeSpan>>("delays", new ListShape<TimeSpan>("list of durations", DurationShape.Any) { Least = 1, Most = 32 },
            r => r.Delays, (r, v) => r with { Delays = v },
            "How long to wait before the first restart, the second, and so on; the last one repeats.") { Example = "[0s, 1s, 5s, 30s]", Synonyms = ["delay", "backoff"] },
        new Field<RestartSpec, double>("jitter", new ShareShape(), r => r.Jitter, (r, v) => r with { Jitter = v },
            "By what share a delay is lengthened at random, so that many instances do not return in step.") { Example = "0.2" },
        new Field<RestartSpec, int>("attempts", new NumberShape(0, 1000), r => r.Attempts, (r, v) => r with { Attempts = v },
            "At most so many automatic restarts within `window`; at the next exit the instance is failed. 0: none at all.") { Example = "5", Synonyms = ["retries", "max", "maxRetries", "limit", "burst"] },
        new Field<RestartSpec, TimeSpan>("window", DurationShape.Positive, r => r.Window, (r, v) => r with { Window = v },
            "The time in which `attempts` are counted.") { Example = "30m", Synonyms = ["within", "interval"] },
        new Field<RestartSpec, TimeSpan>("resetAfter", DurationShape.Positive, r => r.ResetAfter, (r, v) => r with { ResetAfter = v },
            "After so long in health the count starts anew.") { Example = "5m", Synonyms = ["reset"] },
        new Field<RestartSpec, Codes>("exitCodes", CodeFields, Codes.Of,
            (r, v) => r with { SuccessCodes = v.Success, RetryCodes = v.Retry, PermanentCodes = v.Permanent },
            "What the service's exit codes mean.") { Example = "{permanent: [78]}" });
}
