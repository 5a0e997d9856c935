namespace Holdfast.Telemetry.Sources;

/// <summary>What an instance's whole process tree uses, as the platform reads it from its container. Null: not known.</summary>
public sealed record InstanceUsage
{
    /// <summary>Processor time of all processes that are or were in the container.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The part of <see cref="CpuSeconds"/> outside the kernel, where the two are told apart.</summary>
    public double? CpuUserSeconds { get; init; }

    /// <summary>The part of <see cref="CpuSeconds"/> inside the kernel.</summary>
    public double? CpuSystemSeconds { get; init; }

    public long? ResidentBytes { get; init; }

    public int? Processes { get; init; }

    public int? OpenFiles { get; init; }
}

/// <summary>Reads the usage of an instance that runs; null where there is nothing to read. Called at each scrape.</summary>
public delegate InstanceUsage? UsageReader(Holdfast.Core.Supervision.InstanceStatus instance);
