using System.Globalization;
using Holdfast.Core.Services;
using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

/// <summary>
/// What every process host must do, whichever way it contains and starts. The patients are shell scripts; each test has a host and a home of its own.
/// </summary>
public abstract partial class ProcessHostConformance
{
    /// <summary>Null: the best this machine has.</summary>
    protected abstract ProcessHostOptions? Options { get; }

    private HostHarness NewHost() => new(Options);

    private static int Number(string text) => int.Parse(text.Trim(), CultureInfo.InvariantCulture);

    private static bool IsRunning(int pid) => ProcessFacts.Read(pid) is { Ended: false };

    private static string Read(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "";

    private static LimitsSpec NoLimits => new();
}
