using System.Globalization;
using Holdfast.Core.Services;

namespace Holdfast.Platform.Linux.Containers;

/// <summary>A limit, its controller, and how both versions of cgroups want it written: file and value in order; a null limit lifts it.</summary>
/// <param name="MayLack">Files that some kernels do not have, without harm to the limit itself.</param>
internal sealed record LimitKind(
    string Name,
    string Controller,
    Func<LimitsSpec, long?> Value,
    Func<long?, IReadOnlyList<(string File, string Text)>> Unified,
    Func<long?, IReadOnlyList<(string File, string Text)>> Version1,
    IReadOnlyList<string> MayLack)
{
    /// <summary>The period over which a share of the CPU is counted, in microseconds: the kernel's default.</summary>
    private const long CpuPeriod = 100_000;

    /// <summary>The kernel takes no quota below a millisecond.</summary>
    private const long LeastCpuQuota = 1_000;

    public static IReadOnlyList<LimitKind> All { get; } =
    [
        // Swap would turn a memory limit into a slow machine: it is counted in, or forbidden.
        new(
            "limits.memory",
            "memory",
            limits => limits.MemoryBytes,
            bytes => [("memory.max", OrMax(bytes)), ("memory.swap.max", bytes is null ? "max" : "0")],
            // Lowering needs the first order, raising the second; so the first file is written twice.
            bytes =>
            [
                ("memory.limit_in_bytes", OrMinusOne(bytes)),
                ("memory.memsw.limit_in_bytes", OrMinusOne(bytes)),
                ("memory.limit_in_bytes", OrMinusOne(bytes)),
            ],
            MayLack: ["memory.swap.max", "memory.memsw.limit_in_bytes"]),
        new(
            "limits.cpu",
            "cpu",
            limits => limits.CpuMillicores,
            millicores => [("cpu.max", $"{(millicores is { } some ? Text(Quota(some)) : "max")} {Text(CpuPeriod)}")],
            millicores => [("cpu.cfs_period_us", Text(CpuPeriod)), ("cpu.cfs_quota_us", millicores is { } some ? Text(Quota(some)) : "-1")],
            MayLack: []),
        new(
            "limits.processes",
            "pids",
            limits => limits.Processes,
            count => [("pids.max", OrMax(count))],
            count => [("pids.max", OrMax(count))],
            MayLack: []),
    ];

    private static long Quota(long millicores) => Math.Max(LeastCpuQuota, millicores * CpuPeriod / 1000);

    private static string OrMax(long? value) => value is { } some ? Text(some) : "max";

    private static string OrMinusOne(long? value) => Text(value ?? -1);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
