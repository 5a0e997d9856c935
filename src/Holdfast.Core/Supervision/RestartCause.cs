using System.Text.Json.Serialization;

namespace Holdfast.Core.Supervision;

/// <summary>Why an instance that is wanted to run does not, and so may be started again by itself.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "cause")]
[JsonDerivedType(typeof(Exit), "exit")]
[JsonDerivedType(typeof(Liveness), "liveness")]
[JsonDerivedType(typeof(Watchdog), "watchdog")]
[JsonDerivedType(typeof(Start), "start")]
public abstract record RestartCause
{
    private RestartCause()
    {
    }

    /// <summary>What restarts are counted under: <c>exit</c>, <c>signal</c>, <c>liveness</c>, <c>watchdog</c>, <c>start</c>.</summary>
    [JsonIgnore]
    public abstract string Key { get; }

    /// <summary>Whether this is the end of something that ran, with an exit to be classed.</summary>
    [JsonIgnore]
    public virtual ExitInfo? End => null;

    /// <summary>It ended by itself.</summary>
    public sealed record Exit(ExitInfo Info) : RestartCause
    {
        [JsonIgnore]
        public override string Key => Info.Code is null ? "signal" : "exit";

        [JsonIgnore]
        public override ExitInfo? End => Info;

        public override string ToString() => Info.ToString();
    }

    /// <summary>The liveness probe failed too often in a row.</summary>
    public sealed record Liveness(string Message) : RestartCause
    {
        [JsonIgnore]
        public override string Key => "liveness";

        public override string ToString() => Message;
    }

    /// <summary>WATCHDOG=1 did not come in time.</summary>
    public sealed record Watchdog(string Message) : RestartCause
    {
        [JsonIgnore]
        public override string Key => "watchdog";

        public override string ToString() => Message;
    }

    /// <summary>It could not be started, or was not ready in time.</summary>
    public sealed record Start(string Message) : RestartCause
    {
        [JsonIgnore]
        public override string Key => "start";

        public override string ToString() => Message;
    }
}
