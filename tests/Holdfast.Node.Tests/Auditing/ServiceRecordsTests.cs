using System.Net.Sockets;
using System.Runtime.Versioning;
using Holdfast.Core.Auditing;
using Holdfast.Node.Api;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Node.Tests.Clusters;
using Holdfast.Node.Tests.Operations;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using Holdfast.Testing.Clocks;
using static Holdfast.Rpc.V1.Node;
using static Holdfast.Rpc.V1.Records;

namespace Holdfast.Node.Tests.Auditing;

/// <summary>A service's own records: who may append them, and how many.</summary>
[SupportedOSPlatform("linux")]
public sealed class ServiceRecordsTests
{
    private const string Allowed = "audit: {append: true, perMinute: 3}\n";

    [Fact]
    public async Task Law07_the_author_is_the_service_and_the_answer_is_the_entry()
    {
        await using var door = await ServicesDoorNode.StartAsync(Allowed);
        Assert.Equal(door.Node.Home.ServicesSocket, door.Node.Supervisor.Of("payments-0").Plan.Environment[Home.RecordsVariable]);

        var answer = await door.Client.AppendAsync(new() { Action = "booking.cancelled", Target = "booking 7", Outcome = "intended", Operation = "case:7", Why = "asked", Details = { ["amount"] = "12.50", ["card"] = "4111111111111111" } });

        var entry = Assert.Single(door.Business);
        Assert.Equal(("service payments (payments-0)", "business.booking.cancelled", "booking 7", AuditOutcome.Intended, "payments/case:7"), (entry.Actor, entry.Action, entry.Target, entry.Outcome, entry.Operation));
        Assert.Equal((entry.Sequence, entry.Hash, entry.At), (answer.Sequence, answer.Hash, answer.At.ToDateTimeOffset()));
        Assert.Equal(("payments", "payments-0", "1", "asked", "12.50"), (entry.Details["service"], entry.Details["instance"], entry.Details["release"], entry.Details["reason"], entry.Details["amount"]));
        Assert.Equal((CallDetails.LocalSocket, $"{Environment.ProcessId}", Environment.ProcessPath), (entry.Details[CallDetails.From], entry.Details[CallDetails.Pid], entry.Details[CallDetails.Program]));
        Assert.StartsWith("sha256:", entry.Details["package"], StringComparison.Ordinal);
        Assert.Equal([entry.Sequence], AuditReader.Read(door.Node.Home.Audit, new() { Service = "payments" }).Where(BusinessRecord.Is).Select(found => found.Sequence));
        // What it says that it was done to is its word, and puts it in nobody else's list.
        Assert.Empty(AuditReader.Read(door.Node.Home.Audit, new() { Service = "booking 7" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("audit: {perMinute: 10}\n")]
    public async Task Law07_a_service_whose_spec_does_not_allow_it_is_refused_and_recorded(string audit)
    {
        await using var door = await ServicesDoorNode.StartAsync(audit);
        Assert.DoesNotContain(Home.RecordsVariable, door.Node.Supervisor.Of("payments-0").Plan.Environment.Keys);

        var (code, problems) = await door.RefusedAsync();

        Assert.Equal((StatusCode.PermissionDenied, "record.not-allowed"), (code, Assert.Single(problems).Rule));
        var refused = Assert.Single(door.Refused);
        Assert.Equal(("service payments (payments-0)", "payments", "record.not-allowed"), (refused.Actor, refused.Target, refused.Details["rule"]));
        Assert.Empty(door.Business);
    }

    [Fact]
    public async Task Law07_a_process_in_no_services_container_is_refused_and_recorded_and_further_attempts_are_a_number()
    {
        await using var door = await ServicesDoorNode.StartAsync(Allowed);
        door.Node.Supervisor.Shows = status => status;

        for (var i = 0; i < 4; i++)
        {
            var (code, problems) = await door.RefusedAsync();
            Assert.Equal((StatusCode.PermissionDenied, "record.no-service"), (code, Assert.Single(problems).Rule));
        }

        var refused = Assert.Single(door.Refused);
        Assert.Equal((Environment.UserName, $"{Environment.ProcessId}"), (refused.Actor, refused.Details[CallDetails.Pid]));
        door.Node.Clock.Advance(RefusalBrake.Window);
        Assert.Equal("3", door.Refused[^1].Details[RefusalBrake.FurtherDetail]);
        Assert.Empty(door.Business);
    }

    [Fact]
    public async Task Law10_who_calls_is_not_guessed_while_a_supervisor_says_nothing()
    {
        await using var door = await ServicesDoorNode.StartAsync(Allowed);
        door.Node.Supervisor.Away = true;
        var (code, problems) = await door.RefusedAsync();
        Assert.Equal((StatusCode.Unavailable, "record.not-known"), (code, Assert.Single(problems).Rule));
        Assert.Empty(door.Refused);

        door.Node.Supervisor.Away = false;
        await door.AppendAsync();
        Assert.Single(door.Business);
    }

    [Fact]
    public async Task Law07_beyond_its_number_it_is_told_when_to_try_again_and_that_it_was_refused_is_recorded()
    {
        await using var door = await ServicesDoorNode.StartAsync(Allowed);
        for (var i = 0; i < 3; i++) await door.AppendAsync();

        for (var i = 0; i < 5; i++)
        {
            var (code, problems) = await door.RefusedAsync();
            Assert.Equal((StatusCode.ResourceExhausted, "record.too-many"), (code, Assert.Single(problems).Rule));
            Assert.StartsWith("try again in 20 s", problems[0].Mend, StringComparison.Ordinal);
        }

        Assert.Equal("record.too-many", Assert.Single(door.Refused).Details["rule"]);
        door.Node.Clock.Advance(TimeSpan.FromSeconds(20));
        await door.AppendAsync();
        Assert.Equal(4, door.Business.Count);
        door.Node.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(("4", "payments"), (door.Refused[^1].Details[RefusalBrake.FurtherDetail], door.Refused[^1].Target));
    }

    [Fact]
    public async Task Law08_what_is_no_record_is_refused_with_all_its_problems_and_nothing_is_written()
    {
        await using var door = await ServicesDoorNode.StartAsync(Allowed);
        var (code, problems) = await door.RefusedAsync(new() { Action = "Booking", Target = "", Outcome = "well", Details = { [CallDetails.From] = "elsewhere", ["service"] = "ledger" } });
        Assert.Equal((StatusCode.InvalidArgument, "record.action, record.target, record.outcome, record.detail, record.detail"), (code, string.Join(", ", problems.Select(problem => problem.Rule))));
        Assert.Empty(door.Business);
    }

    [Fact]
    public async Task By_the_release_that_runs_it_is_allowed_and_not_by_the_one_that_is_on_its_way()
    {
        await using var door = await ServicesDoorNode.StartAsync(Allowed);
        await door.Node.Agent.SettledAsync(door.Node.Agent.DeployAsync(await door.Node.Shelf.PackageAsync("payments", "2.0.0"), "two"));
        Assert.Equal("record.not-allowed", Assert.Single((await door.RefusedAsync()).Problems).Rule);

        door.Node.Supervisor.Shows = status => ServicesDoorNode.Here(status) with { Release = 1 };
        await door.AppendAsync();

        Assert.Equal("1", Assert.Single(door.Business).Details["release"]);
    }

    [Fact]
    public async Task Law07_what_a_service_intends_is_not_ended_by_the_agent_and_hides_none_of_the_agents_own()
    {
        await using var node = await TestNode.StartAsync();
        var log = node.Agent.Audit;
        Law.Ok(log.Append(new() { Actor = "alice", Action = "backup", Target = "node-1", Outcome = AuditOutcome.Intended, Operation = "op-1" }));
        RecordAuthor author = new("payments", "payments-0", 1, "sha256:00", null);
        var record = Law.Ok(BusinessRecord.Read("booking.made", "b", "intended", "", "", new Dictionary<string, string>()));
        for (var i = 0; i < 1100; i++) Law.Ok(log.Append(record.By(author, new Dictionary<string, string>(), $"{i}")));
        var before = log.Head.Sequence;

        await node.RestartAgentAsync();

        var after = AuditReader.Read(node.Home.Audit, new() { AfterSequence = before }).Where(entry => !entry.Action.StartsWith("audit.", StringComparison.Ordinal));
        Assert.Equal([("backup", "op-1", AuditOutcome.Failed)], after.Select(entry => (entry.Action, entry.Operation, entry.Outcome)));
        Assert.False(RecordKeeping.IsAction("business.made"));
    }

    [Fact]
    public async Task Law07_at_the_services_door_nothing_else_is_answered_and_records_nowhere_else()
    {
        using TempFolder root = new();
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var node = await ClusterNode.StartAsync(await ClusterNode.AuthorityAsync(root, "node-1", clock), "node-1", clock);
        Assert.Equal(LocalEndpoint.Everybody, File.GetUnixFileMode(node.Home.ServicesSocket));

        using (var services = new RpcChannel(RpcTransport.UnixSocket(node.Home.ServicesSocket), TimeProvider.System))
        {
            Assert.Equal(("record.door", StatusCode.PermissionDenied), await RuleAsync(() => new NodeClient(services).GetNodeAsync(new())));
            // No supervisor is there, so nobody knows who this is.
            Assert.Equal(("record.not-known", StatusCode.Unavailable), await RuleAsync(() => new RecordsClient(services).AppendAsync(new() { Action = "a", Target = "b" })));
        }

        using (var api = new RpcChannel(RpcTransport.UnixSocket(node.Home.ApiSocket), TimeProvider.System))
            Assert.Equal(("record.door", StatusCode.PermissionDenied), await RuleAsync(() => new RecordsClient(api).AppendAsync(new() { Action = "a", Target = "b" })));

        var refused = AuditReader.Read(node.Home.Audit, new()).Where(entry => entry.Outcome == AuditOutcome.Refused).ToList();
        Assert.Equal(["audit.append audit record.door"], refused.Select(entry => $"{entry.Action} {entry.Target} {entry.Details["rule"]}"));
        // The second one of the same account within a minute is a number.
        clock.Advance(RefusalBrake.Window);
        Assert.Contains("api.call holdfast.v1.Records/Append", AuditReader.Read(node.Home.Audit, new()).Last().Details[RefusalBrake.AttemptedDetail], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_has_so_many_connections_and_no_more()
    {
        await using var door = await ServicesDoorNode.StartAsync(Allowed);
        var held = new List<Socket>();
        try
        {
            for (var i = 0; i <= ConnectionCount.Most; i++) held.Add(Law.Ok(LocalEndpoint.Connect(door.Node.Home.ServicesSocket)));

            await Eventually.SeeAsync("one too many", () => door.Refused.Count > 0);
            Assert.Equal("record.connections", Assert.Single(door.Refused).Details["rule"]);
            await Eventually.SeeAsync("its end", () => held.Count(IsOver) == 1);
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }

        await Eventually.SeeAsync("room", async () => (await Record.ExceptionAsync(() => door.AppendAsync())) is null, done => done);
    }

    /// <summary>There is something to read, and it is nothing.</summary>
    private static bool IsOver(Socket socket) => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;

    private static async Task<(string Rule, StatusCode Code)> RuleAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(call);
        return (Assert.Single(ProblemTranslation.ToProblems(failure)).Rule, failure.Status.Code);
    }
}
