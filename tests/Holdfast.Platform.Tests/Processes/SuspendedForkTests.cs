using System.Diagnostics;
using Holdfast.Testing.Processes;

namespace Holdfast.Platform.Tests.Processes;

/// <summary>A process that has forked by vfork (as shells do for a simple command) waits in the kernel for its child, and cannot stop before that goes on.</summary>
[Collection(OneAtATime.Name)]
public sealed class SuspendedForkTests
{
    private const string Patient = """
        #include <stdio.h>
        #include <unistd.h>
        int main(void) {
          if (vfork() == 0) {
            write(1, "forked\n", 7);
            sleep(1000);
            _exit(0);
          }
          return 0;
        }
        """;

    [GccFact]
    public void What_waits_for_a_stopped_child_stands_still_with_it()
    {
        using var host = new HostHarness(new() { Containment = ContainmentKind.Session });
        var (source, program, output) = (Path.Combine(host.Folder, "fork.c"), Path.Combine(host.Folder, "fork"), Path.Combine(host.Folder, "out"));
        File.WriteAllText(source, Patient);
        using (var compiler = Process.Start("gcc", ["-w", "-o", program, source]))
        {
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }

        var container = host.Open();
        host.Start(container, $"exec {program} >{output}");
        host.WaitUntil(() => File.Exists(output) && File.ReadAllText(output) == "forked\n", "it has forked");

        host.WaitUntil(() => container.Suspend().Value, "both stand still");
        Assert.Equal(2, container.Members().Count);
        Assert.True(container.LetRun().IsOk);
        container.Kill();
        host.WaitUntilEmptied(container);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class GccFactAttribute : FactAttribute
    {
        public GccFactAttribute()
        {
            if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "gcc"))))
                Skip = "needs gcc: the patient is in C";
        }
    }
}
