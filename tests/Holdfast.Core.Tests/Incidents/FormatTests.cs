using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Placement;

namespace Holdfast.Core.Tests.Incidents;

/// <summary>The form in which decisions are kept loses nothing, and knows every kind of what is decided from.</summary>
public class FormatTests
{
    private static readonly Type[] closed =
    [
        typeof(IncidentLine), typeof(Decision), typeof(LeadershipInput), typeof(LeadershipEffect), typeof(LeadershipPhase), typeof(LeaseInput), typeof(LeaseEffect), typeof(LeaseState),
        typeof(NodePresence), typeof(NodeEligibility),
    ];

    public static TheoryData<Type> Closed => [.. closed];

    [Theory]
    [MemberData(nameof(Closed))]
    public void Every_kind_there_is_has_its_word(Type type)
    {
        var known = type.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(one => one.DerivedType).ToHashSet();
        Assert.Empty(Kinds(type).Except(known));
    }

    [Fact]
    public void Every_kind_there_is_is_written_and_read()
    {
        var written = new HashSet<Type>();
        foreach (var decision in Decisions.OfEveryKind())
        {
            var text = JsonSerializer.Serialize(decision, DecisionJson.Default.Decision);
            var read = JsonSerializer.Deserialize(text, DecisionJson.Default.Decision)!;
            Assert.Equal(text, JsonSerializer.Serialize(read, DecisionJson.Default.Decision));
            Walk(decision, written);
        }

        // Lines are written and read in the bundle's tests.
        Assert.Empty(closed.Where(type => type != typeof(IncidentLine)).SelectMany(Kinds).Except(written));
    }

    /// <summary>What follows from others is not written; everything else is.</summary>
    [Fact]
    public void Every_member_is_written()
    {
        var seen = new HashSet<Type>();
        foreach (var decision in Decisions.OfEveryKind()) Walk(decision, seen);
        Assert.All(seen.Where(type => IsOurs(type) && !type.IsEnum), type =>
        {
            var info = DecisionJson.Default.GetTypeInfo(type);
            Assert.True(info is not null, $"{type} is not in the form");
            var members = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(member => member.SetMethod is not null).Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name));
            Assert.Empty(members.Except(info.Properties.Where(member => member.Get is not null).Select(member => member.Name)));
        });
    }

    [Theory]
    [InlineData("step.state.phase.kind", "\"resting\"")]
    [InlineData("input.kind", "\"dreamt\"")]
    [InlineData("before.mood", "\"good\"")]
    [InlineData("before.node", null)]
    [InlineData("before.budget", "null")]
    public void What_this_version_does_not_know_is_not_skipped(string path, string? value)
    {
        var decision = Decisions.OfEveryKind().OfType<Decision.OfLeadership>().First();
        var document = JsonSerializer.SerializeToNode(Decisions.Line(decision), DecisionJson.Default.IncidentLine)!;
        var node = document["decision"]!.AsObject();
        var names = path.Split('.');
        foreach (var name in names[..^1]) node = node[name]!.AsObject();
        if (value is null) node.Remove(names[^1]);
        else node[names[^1]] = JsonNode.Parse(value);
        var lines = Decisions.Bundle([]);
        var writer = new BundleWriter();
        writer.Head(new(IncidentLine.Head.V1, "node-1", "bank", "0.2.0", Decisions.Noon, "", null));
        lines[1] = writer.Decision(Encoding.UTF8.GetBytes(document.ToJsonString()))[..^1];

        var problem = Decisions.Read(lines).Problems.Single();
        Assert.Equal(("incident.unknown", 2), (problem.Rule, problem.Where!.Value.Line));
        Assert.Contains("version 0.2.0", problem.What, StringComparison.Ordinal);
    }

    private static IEnumerable<Type> Kinds(Type type) => type.GetNestedTypes().Where(kind => kind.IsSubclassOf(type));

    /// <summary>The terms of a lease are one value.</summary>
    private static bool IsOurs(Type type) => type != typeof(LeaseTerms) && !type.IsArray && type.Namespace?.StartsWith("Holdfast", StringComparison.Ordinal) == true;

    /// <summary>Every type of the values that can be reached from one.</summary>
    private static void Walk(object? value, HashSet<Type> types)
    {
        if (value is null or string || value.GetType().IsPrimitive) return;
        types.Add(value.GetType());
        if (value is System.Collections.IEnumerable many)
        {
            foreach (var one in many) Walk(one, types);
            return;
        }

        if (IsOurs(value.GetType()))
        {
            foreach (var member in value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(member => member.SetMethod is not null)) Walk(member.GetValue(value), types);
        }
    }
}
