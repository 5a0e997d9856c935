using System.Text.Json;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary><c>holdfast attach</c>, from what is typed to what the service does with it.</summary>
public sealed class AttachTests
{
    private const string Open = "stdin: open";
    private const string Console = "while IFS= read -r line; do echo \"$$ got $line\"; done; exec sleep 1000";
    private const int Int = 2;

    [Fact]
    public async Task Law07_what_is_piped_in_reaches_the_service_and_who_did_it_is_recorded_without_what_it_was()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "console").Write(Console, Open).DeployAsync()).Ok();
        using (var attached = Attachment.Start(node, "console"))
        {
            attached.Type("hunter2\n");
            await attached.SeeOutputAsync(" got hunter2");
            attached.EndInput();
            Assert.Equal(0, await attached.EndAsync());
            Assert.Equal("", attached.Error);
        }

        // All at once, as from a script: what was written is there, whether its answer was waited for or not.
        using (var piped = Attachment.Start(node, "console"))
        {
            piped.Type("one\ntwo\n");
            piped.EndInput();
            Assert.Equal(0, await piped.EndAsync());
        }

        await Eventually.SeeAsync("all of it in the output", () => node.HoldfastAsync("logs", "console"), logs => logs.Output.Contains(" got two", StringComparison.Ordinal));
        using (var only = Attachment.Start(node, "console", "--no-stdin", "--tail", "1"))
        {
            await only.SeeOutputAsync(" got two");
            Assert.DoesNotContain(" got one", only.Output, StringComparison.Ordinal);
            TestNode.Signal(only.Pid, Int);
            Assert.Equal(130, await only.EndAsync());
            Assert.Contains("Detached; console runs on.", only.Error, StringComparison.Ordinal);
        }

        var audit = (await node.HoldfastAsync("audit", "list", "-o", "json")).Ok();
        Assert.DoesNotContain("hunter2", audit.Output, StringComparison.Ordinal);
        using var entries = JsonDocument.Parse(audit.Output);
        var attachments = entries.RootElement.EnumerateArray().Where(entry => entry.GetProperty("action").GetString() == "attach").ToList();
        Assert.Equal(["intended", "done", "intended", "done"], attachments.Select(entry => entry.GetProperty("outcome").GetString()));
        Assert.Equal(["8", "8"], attachments.Where(entry => entry.GetProperty("outcome").GetString() == "done").Select(entry => entry.GetProperty("details").GetProperty("bytes").GetString()));
    }

    [Fact]
    public async Task Who_is_attached_goes_on_with_the_next_process_the_next_agent_and_the_next_supervisor()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "console").Write(Console, Open).DeployAsync()).Ok();
        var first = await node.SeeAsync("runs", "console", row => row.State == "running");
        using var one = Attachment.Start(node, "console");
        one.Type("a\n");
        await one.SeeOutputAsync($"{first.Pid} got a");
        using var other = Attachment.Start(node, "console", "--tail", "1");
        await other.SeeOutputAsync($"{first.Pid} got a");
        other.Type("b\n");
        await one.SeeOutputAsync($"{first.Pid} got b");
        await other.SeeOutputAsync($"{first.Pid} got b");

        (await node.HoldfastAsync("restart", "console")).Ok();
        var second = await node.SeeAsync("runs again", "console", row => row.State == "running" && row.Pid != first.Pid);
        await one.SeeErrorAsync("[holdfast] exited: ");
        await one.SeeErrorAsync($"[holdfast] started: started as PID {second.Pid}");
        one.Type("c\n");
        await other.SeeOutputAsync($"{second.Pid} got c");

        await node.KillAgentAsync();
        await node.StartAgentAsync();
        await one.SeeErrorAsync("The agent is back.");
        one.Type("d\n");
        await one.SeeOutputAsync($"{second.Pid} got d");

        (await node.HoldfastAsync("upgrade", "--to", node.CopyOfPrograms("next"))).Ok();
        one.Type("e\n");
        await one.SeeOutputAsync($"{second.Pid} got e");
        Assert.Single(one.Output.Split('\n'), line => line.EndsWith(" got d", StringComparison.Ordinal));
        one.EndInput();
        Assert.Equal(0, await one.EndAsync());
    }

    [Fact]
    public async Task The_input_ends_only_where_that_is_asked_for_and_the_answer_can_be_waited_for()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "summing").Write("wc -c; exec sleep 1000", Open).DeployAsync()).Ok();
        using var attached = Attachment.Start(node, "summing", "--eof", "--wait", "5m");
        attached.Type(new string('x', 100_000));
        attached.EndInput();
        await attached.SeeOutputAsync("100000");
        using var late = Attachment.Start(node, "summing");
        late.Type("more");
        late.EndInput();
        Assert.Equal(5, await late.EndAsync());
        Assert.Contains("has come to its end", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_use_says_what_to_do()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "closed").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        (await new ServiceFolder(node, "console").Write(Console, Open).DeployAsync()).Ok();
        (await node.HoldfastAsync("stop", "console")).Ok();

        Assert.Contains("There is no service nobody", (await node.HoldfastAsync("attach", "nobody")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("is no name of an instance", (await node.HoldfastAsync("attach", "console", "--instance", "closed-0")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("--no-stdin gives the service nothing", (await node.HoldfastAsync("attach", "console", "--no-stdin", "--eof")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("say `stdin: open` in its spec", (await node.HoldfastAsync("attach", "closed")).Expect(5).Error, StringComparison.Ordinal);
        using var down = Attachment.Start(node, "console");
        down.Type("anybody there\n");
        Assert.Equal(5, await down.EndAsync());
        Assert.Contains("console-0 is not running", down.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_a_terminal_a_closed_input_is_a_note_and_a_line_that_is_refused_is_no_end()
    {
        await using var node = await TestNode.StartAsync();
        (await new ServiceFolder(node, "closed").Write("while :; do echo tick; sleep 0.05; done").DeployAsync()).Ok();
        (await new ServiceFolder(node, "console").Write(Console, Open).DeployAsync()).Ok();
        using var looking = Attachment.StartInTerminal(node, "closed");
        await looking.SeeOutputAsync("Showing its output only");
        await looking.SeeOutputAsync("tick");
        looking.Type("\u0003");
        Assert.Equal(130, await looking.EndAsync());
        Assert.Contains("Detached; closed runs on.", looking.Output, StringComparison.Ordinal);

        (await node.HoldfastAsync("stop", "console")).Ok();
        using var typing = Attachment.StartInTerminal(node, "console");
        typing.Type("too early\n");
        await typing.SeeOutputAsync("is not running");
        (await node.HoldfastAsync("start", "console")).Ok();
        typing.Type("in time\n");
        await typing.SeeOutputAsync(" got in time");
        Assert.DoesNotContain(" got too early", typing.Output, StringComparison.Ordinal);
        typing.Type("\u0004");
        Assert.Equal(0, await typing.EndAsync());
    }

    [Fact]
    public async Task A_supervisor_of_the_version_before_takes_no_input_and_that_is_said()
    {
        await using var node = await TestNode.StartAsync(KeptBuild.LayOut);
        (await new ServiceFolder(node, "steady").Write(ServiceFolder.Steady).DeployAsync()).Ok();
        await node.StopAgentAsync();
        node.UsePrograms(Programs.Folder);
        await node.StartAgentAsync();
        var refused = (await node.HoldfastAsync("attach", "steady")).Expect(5);
        Assert.Contains("takes no input for services", refused.Error, StringComparison.Ordinal);
        Assert.Contains("`holdfast upgrade`", refused.Error, StringComparison.Ordinal);
    }
}
