using System.Text;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Control;
using Holdfast.Node.Supervisors;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Supervisor.Tests.Running;

/// <summary>What operators put into the standard input of real processes.</summary>
public sealed class InputTests : IAsyncLifetime
{
    private readonly TestNode node = new();

    public async Task InitializeAsync()
    {
        node.Admit(
            ("echo", "while IFS= read -r line; do echo \"$$ got $line\"; done; echo at the end; exec sleep 1000"),
            ("count", "wc -c; exec sleep 1000"),
            ("deaf", "exec sleep 1000"),
            ("closing", "exec 0<&-; exec sleep 1000"),
            ("late", "while [ ! -e go ]; do sleep 0.01; done; exec cat"),
            ("work", "i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo $i; done; exec sleep 1000"));
        await node.StartAsync();
    }

    public async Task DisposeAsync() => await node.DisposeAsync();

    [Fact]
    public async Task A_line_reaches_the_process_and_its_answer_is_in_the_output()
    {
        var status = await RunAsync("echo");
        await using var input = await AttachedAsync();
        Assert.Equal(new Taken(6), await GiveAsync(input, "hello\n"));
        await WrittenAsync($"{status.Pid} got hello");
    }

    [Fact]
    public async Task Without_being_opened_it_is_the_null_device_and_says_what_to_do()
    {
        await node.ApplyAsync(node.Wanted(node.Spec(), "echo"));
        await WrittenAsync("at the end");
        var problem = Assert.Single((await node.Client.AttachAsync("svc-0", default)).Problems);
        Assert.Equal(InputProblems.ClosedRule, problem.Rule);
        Assert.Contains("stdin: open", problem.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_process_of_an_instance_has_a_pipe_of_its_own_and_the_channel_goes_on()
    {
        var first = await RunAsync("echo");
        await using var input = await AttachedAsync();
        await GiveAsync(input, "one\n");
        await WrittenAsync($"{first.Pid} got one");
        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "KILL", default));
        var second = await node.WaitAsync(s => s.State == InstanceState.Running && s.Pid is not null && s.Pid != first.Pid, "restarted");
        Assert.Null((await GiveAsync(input, "two\n")).Problem);
        await WrittenAsync($"{second.Pid} got two");

        await node.ApplyAsync(node.Wanted(Open(), "echo", RunState.Stopped));
        await node.WaitAsync(s => s.State == InstanceState.Stopped, "stopped");
        Assert.Equal("attach.not-running", (await GiveAsync(input, "three\n")).Problem?.Rule);
    }

    [Fact]
    public async Task The_input_ends_where_an_operator_says_so_and_is_open_again_after_a_restart()
    {
        await RunAsync("count");
        await using var input = await AttachedAsync();
        Assert.Equal(new Taken(5), await input.GiveAsync("12345"u8.ToArray(), ends: true, default));
        await WrittenAsync("5");
        Assert.Equal("attach.at-end", (await GiveAsync(input, "more")).Problem?.Rule);
        await node.ApplyAsync(node.Wanted(Open(), "count", incarnation: 2));
        await TestNode.UntilAsync(async () => (await GiveAsync(input, "")).Problem is null, "open again");
    }

    [Fact]
    public async Task Who_attaches_and_goes_ends_nothing()
    {
        var status = await RunAsync("echo");
        await using (var input = await AttachedAsync()) await GiveAsync(input, "one\n");
        await node.ReplaceClientAsync();
        await using var again = await AttachedAsync();
        await GiveAsync(again, "two\n");
        Assert.Equal([$"{status.Pid} got one", $"{status.Pid} got two"], await WrittenAsync($"{status.Pid} got two"));
    }

    [Fact]
    public async Task A_process_that_closes_its_input_is_told_apart()
    {
        await RunAsync("closing");
        await using var input = await AttachedAsync();
        await TestNode.UntilAsync(async () => (await GiveAsync(input, "x")).Problem?.Rule == "attach.not-read", "it has closed its input");
    }

    /// <summary>A megabyte is more than all pipes and sockets in between could hide.</summary>
    [Fact]
    public async Task A_process_that_never_reads_holds_back_who_sends_and_nobody_else()
    {
        await RunAsync("deaf");
        await using var input = await AttachedAsync();
        using var enough = new CancellationTokenSource();
        var sent = 0;
        var sending = Task.Run(async () =>
        {
            for (; sent < 1 << 20; sent += ControlProtocol.LargestData) await input.GiveAsync(new byte[ControlProtocol.LargestData], ends: false, enough.Token);
        });
        // The supervisor's loop goes on: others start, write and are asked.
        await node.ApplyAsync(node.Wanted(node.Spec("other"), "work"));
        await node.WaitAsync(s => s.Capture.LinesRead >= 500, "others work", "other-0");
        await using var second = await AttachedAsync();
        using var impatient = new CancellationTokenSource();
        var waiting = second.GiveAsync("behind\n"u8.ToArray(), ends: false, impatient.Token);
        await node.StatusAsync();
        Assert.False(waiting.IsCompleted || sending.IsCompleted);
        Assert.InRange(sent, 0, ControlProtocol.LargestData);

        // What is taken back never comes; of the first one a part is in the pipe, of the second nothing.
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, await second.WithdrawAsync());
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.InRange((await input.WithdrawAsync())!.Value, 1, ControlProtocol.LargestData - 1);

        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "KILL", default));
        Assert.Equal("killed by SIGKILL", (await node.WaitAsync(s => s.Restarts == 1 && s.State == InstanceState.Running, "restarted")).LastExit?.ToString());
    }

    [Fact]
    public async Task What_a_process_leaves_behind_at_its_end_is_told_to_who_sent_it()
    {
        await RunAsync("deaf");
        await using var input = await AttachedAsync();
        var waiting = GiveAsync(input, new string('x', ControlProtocol.LargestData));
        await node.StatusAsync();
        TestNode.AssertOk(await node.Client.SignalAsync("svc-0", "KILL", default));
        var taken = await waiting;
        // Whichever is seen first: its end, or that nobody holds the pipe any more.
        Assert.Contains(taken.Problem?.Rule, new[] { "attach.ended", "attach.not-read" });
        Assert.InRange(taken.Bytes, 1, ControlProtocol.LargestData - 1);
    }

    [Fact]
    public async Task Frames_of_several_who_send_are_never_mixed()
    {
        await RunAsync("late");
        await using var one = await AttachedAsync();
        await using var other = await AttachedAsync();
        // Longer than the pipe: each is written in parts.
        var sending = new[] { SendAsync(one, 'a'), SendAsync(other, 'b') };
        File.WriteAllText(Path.Combine(node.DataFolder("svc-0"), "go"), "");
        await Task.WhenAll(sending);
        var lines = await WrittenAsync(found => found.Count(line => line.EndsWith('.')) == 10, "all of it");
        Assert.All(string.Concat(lines).Split('.', StringSplitOptions.RemoveEmptyEntries), frame => Assert.Equal(new string(frame[0], 40_000), frame));

        static async Task SendAsync(IServiceInput input, char letter)
        {
            for (var i = 0; i < 5; i++) Assert.Equal(new Taken(40_002), await GiveAsync(input, new string(letter, 40_000) + ".\n"));
        }
    }

    [Fact]
    public async Task Law03_it_stays_open_under_the_next_supervisor_and_no_frame_is_torn()
    {
        var status = await RunAsync("late");
        await using var input = await AttachedAsync();
        await GiveAsync(input, "before\n");
        var under = GiveAsync(input, new string('x', 40_000) + "\n");
        await node.StatusAsync();
        var serves = await node.Client.UpgradeAsync(node.AnotherBuild(), default);
        Assert.True(serves.IsOk, string.Join("; ", serves.Problems) + node.Errors);
        // Nobody could tell who sent it; the frame goes on all the same.
        Assert.Equal("attach.lost", (await under).Problem?.Rule);
        var sending = GiveAsync(input, "after\n");
        File.WriteAllText(Path.Combine(node.DataFolder("svc-0"), "go"), "");
        Assert.Equal(new Taken(6), await sending);
        // A long line may be stored in pieces.
        Assert.Equal("before" + new string('x', 40_000) + "after", string.Concat(await WrittenAsync("after")));
        Assert.Equal(status.Pid, (await node.StatusAsync()).Pid);
    }

    [Fact]
    public async Task Who_does_not_wait_for_the_answer_is_refused_and_a_channel_that_was_not_opened_is_closed()
    {
        await RunAsync("deaf");
        using var connection = new FrameConnection(LocalEndpoint.Connect(node.Place.Socket).Value);
        await connection.SendAsync(FrameKind.Hello, new Hello(1, 1, "test"), SupervisionJson.Default.Hello, default);
        await connection.ReadAsync(default);
        await connection.SendAsync(FrameWriter.ToBytes(FrameKind.Data, "x"u8, channel: 4), default);
        var closed = (await connection.ReadAsync(default))!.Value;
        Assert.Equal((FrameKind.Close, 4u), (closed.Kind, closed.Channel));

        await connection.SendAsync(FrameKind.Request, new Request { Id = 1, Verb = Verb.Attach, Instance = "svc-0", Channel = 4 }, SupervisionJson.Default.Request, default);
        Assert.Equal(FrameKind.Response, (await connection.ReadAsync(default))!.Value.Kind);
        await connection.SendAsync(FrameWriter.ToBytes(FrameKind.Data, new byte[ControlProtocol.LargestData], channel: 4), default);
        await connection.SendAsync(FrameWriter.ToBytes(FrameKind.Data, "x"u8, channel: 4), default);
        var refused = (await connection.ReadAsync(default))!.Value;
        Assert.Equal((FrameKind.Taken, 4u), (refused.Kind, refused.Channel));
        Assert.Equal("attach.too-soon", FrameConnection.Parse(refused, SupervisionJson.Default.Taken)!.Problem?.Rule);
        await connection.SendAsync(FrameWriter.ToBytes(FrameKind.Close, [], channel: 4), default);
        var withdrawn = FrameConnection.Parse((await connection.ReadAsync(default))!.Value, SupervisionJson.Default.Taken)!;
        Assert.Equal("attach.withdrawn", withdrawn.Problem?.Rule);
        Assert.InRange(withdrawn.Bytes, 1, ControlProtocol.LargestData - 1);
    }

    /// <summary>Had another process a copy of the pipe's end, the input would never come to its end.</summary>
    [Fact]
    public async Task Nobody_but_the_supervisor_holds_the_pipe()
    {
        await RunAsync("count");
        await node.ApplyAsync(node.Wanted(node.Spec("other") with { Stdin = StdinAccess.Open }, "deaf"));
        await node.WaitRunningAsync("other-0");
        await using var input = await AttachedAsync();
        await input.GiveAsync("123"u8.ToArray(), ends: true, default);
        await WrittenAsync("3");
    }

    private ServiceSpec Open() => node.Spec() with { Stdin = StdinAccess.Open };

    private async Task<InstanceStatus> RunAsync(string script)
    {
        await node.ApplyAsync(node.Wanted(Open(), script));
        return await node.WaitRunningAsync();
    }

    private async Task<IServiceInput> AttachedAsync()
    {
        var attached = await node.Client.AttachAsync("svc-0", default);
        Assert.True(attached.IsOk, string.Join("; ", attached.Problems));
        return attached.Value;
    }

    private static Task<Taken> GiveAsync(IServiceInput input, string text) => input.GiveAsync(Encoding.UTF8.GetBytes(text), ends: false, default);

    private Task<IReadOnlyList<string>> WrittenAsync(string line) => WrittenAsync(lines => lines.Contains(line), line);

    private async Task<IReadOnlyList<string>> WrittenAsync(Func<IReadOnlyList<string>, bool> enough, string what)
    {
        List<string> lines = [];
        await TestNode.UntilAsync(() =>
        {
            lines = [];
            using var reader = SegmentReader.Open(Path.Combine(node.Home.Output, "svc-0"), SegmentStart.Beginning, TimeProvider.System);
            while (reader.TryRead(out var block))
            {
                foreach (var line in block.Split()) lines.Add(Encoding.UTF8.GetString(line.Text.Span));
            }

            return Task.FromResult(enough(lines));
        }, () => $"its output has {what}; found: {string.Join('|', lines.TakeLast(5))}");
        return lines;
    }
}
