using System.Globalization;
using System.Text.Json;
using Holdfast.Core.Auditing;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Integration.Tests;

/// <summary>Services append records of their own business, and nobody else does so in their name.</summary>
public sealed class ServiceRecordsTests
{
    private const string Allowed = "audit: {append: true}";

    [Fact]
    public async Task Law07_a_service_appends_what_it_did_and_is_the_author_its_children_included()
    {
        await using var node = await TestNode.StartAsync();
        await DeployAsync(node, "payments", """
            holdfast audit append booking.made "booking 7" --operation case:7 --outcome intended --detail amount=12.50
            (sh -c 'holdfast audit append booking.made "booking 7" --operation case:7 --why "all is well"; echo "exit $?"')
            """, Allowed);

        Assert.Equal("exit 0", await SaidAsync(node, "payments", "exit"));
        var entries = Business(node);
        Assert.Equal(
            [("service payments (payments-0)", "business.booking.made", "booking 7", AuditOutcome.Intended, "payments/case:7"), ("service payments (payments-0)", "business.booking.made", "booking 7", AuditOutcome.Done, "payments/case:7")],
            entries.Select(entry => (entry.Actor, entry.Action, entry.Target, entry.Outcome, entry.Operation)));
        Assert.Equal(("payments", "1", "12.50"), (entries[0].Details["service"], entries[0].Details["release"], entries[0].Details["amount"]));
        Assert.EndsWith("/holdfast", entries[0].Details[CallDetails.Program], StringComparison.Ordinal);
        using (var listed = JsonDocument.Parse((await node.HoldfastAsync("audit", "list", "--service", "payments", "-o", "json")).Ok().Output))
            Assert.Contains(listed.RootElement.EnumerateArray(), entry => entry.GetProperty("action").GetString() == "business.booking.made");
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [Fact]
    public async Task Law07_who_is_no_service_and_a_service_that_may_not_are_refused_and_recorded()
    {
        await using var node = await TestNode.StartAsync();
        await DeployAsync(node, "payments", "", Allowed);
        var door = new Home(node.Home).ServicesSocket;
        // What a service of this name has in its environment, and more: none of it is believed.
        node.ExtraEnvironment[Home.RecordsVariable] = door;
        node.ExtraEnvironment["HOLDFAST_SERVICE"] = "payments";
        node.ExtraEnvironment["HOLDFAST_INSTANCE"] = "payments-0";

        var stranger = (await node.HoldfastAsync("audit", "append", "booking.made", "booking 7")).Expect(3);
        await DeployAsync(node, "orders", $"""
            holdfast audit append order.made "order 7"; echo "unset $?"
            HOLDFAST_AUDIT={door} holdfast audit append order.made "order 7"; echo "exit $?"
            """, "");

        Assert.Contains("record.no-service", stranger.Error, StringComparison.Ordinal);
        Assert.Equal("unset 3", await SaidAsync(node, "orders", "unset"));
        Assert.Equal("exit 3", await SaidAsync(node, "orders", "exit"));
        Assert.Empty(Business(node));
        Assert.Equal(
            [(Environment.UserName, "audit", "record.no-service"), ("service orders (orders-0)", "orders", "record.not-allowed")],
            All(node).Where(entry => entry.Action == BusinessRecord.Attempt).Select(entry => (entry.Actor, entry.Target, entry.Details["rule"])));
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [Fact]
    public async Task Law07_what_was_answered_is_in_the_record_whatever_became_of_the_agent_then()
    {
        await using var node = await TestNode.StartAsync();
        await DeployAsync(node, "payments", """
            number=0
            while :; do
                number=$((number + 1))
                if said=$(holdfast audit append booking.made "booking $number"); then echo "$number $said"; fi
            done
            """, Allowed);

        for (var kills = 1; kills <= 3; kills++)
        {
            var before = Business(node).Count;
            await Eventually.SeeAsync("another record", () => Business(node).Count > before);
            await node.KillAgentAsync();
            await node.StartAgentAsync();
        }

        (await node.HoldfastAsync("stop", "payments")).Ok();
        var written = Business(node).ToDictionary(entry => entry.Sequence, entry => entry.Target);
        var answered = (await JourneyTests.LinesAsync(node, "payments", line => line.Contains("Recorded as entry", StringComparison.Ordinal))).Select(line => line.TrimEnd('.').Split(' ')).ToList();
        Assert.NotEmpty(answered);
        Assert.All(answered, line => Assert.Equal($"booking {line[0]}", written[long.Parse(line[^1], CultureInfo.InvariantCulture)]));
        (await node.HoldfastAsync("audit", "verify")).Ok();
    }

    [RootFact]
    public async Task Law07_a_service_of_another_account_appends_and_another_process_of_that_account_does_not()
    {
        await using var node = await TestNode.StartAsync();
        var programs = node.CopyOfPrograms("programs");
        node.Run("chmod", "-R", "a+rX", programs);
        await DeployAsync(node, "payments", "holdfast audit append booking.made \"booking 7\"; echo \"exit $?\"", $"{Allowed}\nuser: nobody", programs);

        Assert.Equal("exit 0", await SaidAsync(node, "payments", "exit"));
        var outside = await Programs.RunAsync(
            "setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", Path.Combine(programs, "holdfast"), "audit", "append", "booking.made", "booking 8"], node.Work,
            new Dictionary<string, string> { [Home.RecordsVariable] = new Home(node.Home).ServicesSocket });

        Assert.Contains("record.no-service", outside.Expect(3).Error, StringComparison.Ordinal);
        Assert.Equal("service payments (payments-0)", Assert.Single(Business(node)).Actor);
        Assert.Equal("nobody", Assert.Single(All(node), entry => entry.Action == BusinessRecord.Attempt).Actor);
    }

    [RootFact]
    public async Task Law07_without_cgroups_the_mark_that_finds_a_services_processes_makes_nobody_a_service()
    {
        await using var node = await TestNode.StartWithoutCgroupsAsync();
        await DeployAsync(node, "payments", "holdfast audit append booking.made \"booking 7\"; echo \"exit $?\"; echo \"mark $HOLDFAST_CONTAINER\"", Allowed);
        Assert.Equal("exit 0", await SaidAsync(node, "payments", "exit"));
        Assert.Equal(ContainmentKind.Session, node.Containment);

        node.ExtraEnvironment["HOLDFAST_CONTAINER"] = (await SaidAsync(node, "payments", "mark"))["mark ".Length..];
        node.ExtraEnvironment[Home.RecordsVariable] = new Home(node.Home).ServicesSocket;
        Assert.StartsWith("session:", node.ExtraEnvironment["HOLDFAST_CONTAINER"], StringComparison.Ordinal);
        Assert.Contains("record.no-service", (await node.HoldfastAsync("audit", "append", "booking.made", "booking 8")).Expect(3).Error, StringComparison.Ordinal);

        Assert.Equal("booking 7", Assert.Single(Business(node)).Target);
    }

    /// <summary>A service that does this when it starts, with our command at hand, and then runs on.</summary>
    private static async Task DeployAsync(TestNode node, string service, string script, string more, string? programs = null) =>
        (await new ServiceFolder(node, service).Write($"PATH={programs ?? Programs.Folder}:$PATH; export PATH\n{script}\n{ServiceFolder.Steady}", more).DeployAsync()).Ok();

    private static async Task<string> SaidAsync(TestNode node, string service, string word) =>
        (await Eventually.SeeAsync($"what {service} says of {word}", () => JourneyTests.LinesAsync(node, service, line => line.StartsWith(word + " ", StringComparison.Ordinal)), lines => lines.Count > 0))[0];

    private static List<AuditEntry> All(TestNode node) => [.. AuditReader.Read(new Home(node.Home).Audit, new())];

    private static List<AuditEntry> Business(TestNode node) => [.. All(node).Where(BusinessRecord.Is)];
}
