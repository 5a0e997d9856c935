using Holdfast.Core.Services;
using Holdfast.Platform;
using Xunit;

namespace Holdfast.Testing.Processes;

public abstract partial class ProcessHostConformance
{
    [Fact]
    public void Open_files_are_limited_and_core_dumps_off()
    {
        using var host = NewHost();
        var (output, _) = host.Run(host.Open(limits: new() { Files = 123 }), "ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Hc");
        Assert.Equal("123\n123\n0\n0\n", output);
    }

    [Fact]
    public void Core_dumps_are_on_where_they_are_asked_for()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // An account gets what its hard limit leaves, which may be nothing.
        using var host = NewHost();
        var (output, _) = host.Run(host.Open(limits: new() { CoreDumps = true }), "ulimit -Sc");
        Assert.Equal("unlimited\n", output);
    }

    [Fact]
    public void More_processes_than_allowed_cannot_be_forked()
    {
        using var host = NewHost();
        if (!host.Host.Capabilities.Enforced.Contains("limits.processes"))
            return; // The_status_says_what_holds_it tests that it is said.
        var container = host.Open(limits: new() { Processes = 5 });
        Assert.Contains("limits.processes", container.Status.Enforced);
        // The shell gives up when it cannot fork; without the limit it would wait for its children.
        var shell = host.Start(container, "i=0; while [ $i -lt 20 ]; do sleep 100 & i=$((i+1)); done; wait");
        Assert.NotEqual(0, host.ExitOf(shell).Code);
        Assert.Equal(4, container.Members().Count);
    }

    [Fact]
    public void More_memory_than_allowed_is_not_had()
    {
        using var host = NewHost();
        if (!host.Host.Capabilities.Enforced.Contains("limits.memory"))
            return; // The_status_says_what_holds_it tests that it is said.
        const string eatHundredMebibytes = "exec dd if=/dev/zero of=/dev/null bs=100M count=1";
        var exit = host.ExitOf(host.Start(host.Open("narrow", new() { MemoryBytes = 16 << 20 }), eatHundredMebibytes));
        Assert.Equal("SIGKILL", exit.Signal);
        Assert.Equal(0, host.ExitOf(host.Start(host.Open("wide", new() { MemoryBytes = 512 << 20 }), eatHundredMebibytes)).Code);
    }

    [Fact]
    public void Limits_of_a_running_container_can_be_changed()
    {
        using var host = NewHost();
        if (!host.Host.Capabilities.Enforced.Contains("limits.processes"))
            return; // The_status_says_what_holds_it tests that it is said.
        var container = host.Open();
        var go = Path.Combine(host.Folder, "go");
        var shell = host.Start(container, $"mkfifo {go}; read line <{go}; i=0; while [ $i -lt 20 ]; do sleep 100 & i=$((i+1)); done; wait");
        host.WaitUntil(() => File.Exists(go), "it waits");
        container.Limit(new() { Processes = 4 });
        File.WriteAllText(go, "go\n");
        Assert.NotEqual(0, host.ExitOf(shell).Code);
        Assert.Equal(3, container.Members().Count);
        container.Limit(new());
        Assert.DoesNotContain(container.Status.NotEnforced, line => line.StartsWith("limits.processes", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_account_gets_its_ids_and_groups_and_no_way_back()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // An_account_that_we_may_not_become_is_refused_in_words tests that side.
        using var host = NewHost();
        var account = new Account("nobody", 65534, 65534, [65534, 60]);
        var (output, _) = host.Run(host.Open(), "id -u; id -g; id -G; grep NoNewPrivs /proc/self/status", launch => launch with { Account = account });
        Assert.Equal("65534\n65534\n65534 60\nNoNewPrivs:\t1\n", output);
    }
}
