namespace Holdfast.Telemetry.Tests;

/// <summary>A test that asks a program of the host; skipped by name where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ProgramFactAttribute : FactAttribute
{
    protected ProgramFactAttribute(string program, string debianPackage)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
        Skip = found ? null : $"needs {program} (Debian: {debianPackage})";
    }
}

public sealed class PromtoolFactAttribute() : ProgramFactAttribute("promtool", "prometheus");

public sealed class PythonFactAttribute() : ProgramFactAttribute("python3", "python3");
