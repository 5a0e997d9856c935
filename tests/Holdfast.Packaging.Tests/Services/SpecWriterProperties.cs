using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Services;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Services;

/// <summary>What is written is what is read again, and there is one text for it.</summary>
public sealed class SpecWriterProperties
{
    private static readonly Config Specs = Config.QuickThrowOnFailure.WithMaxTest(1000);

    [Fact]
    public void Every_spec_is_read_from_what_is_written_of_it_and_written_the_same_again() => Check.One(Specs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var spec = new RandomSpecs(seed).Next();
        var text = SpecWriter.ToYaml(spec);
        var read = SpecFile.Read(text, "holdfast.yaml");
        Assert.True(read.IsOk, string.Join('\n', read.Problems) + "\n" + text);
        Assert.Equal(Whole(spec), Whole(read.Value));
        Assert.Equal(text, SpecWriter.ToYaml(read.Value));
    }));

    [Fact]
    public void What_is_as_it_is_by_itself_is_not_written() => Assert.Equal(
        """
        apiVersion: holdfast/v1
        kind: Service
        name: orders
        command:
          - bin/orders

        """,
        SpecWriter.ToYaml(new ServiceSpec { Name = "orders", Command = ["bin/orders"] }));

    [Fact]
    public void It_is_written_as_a_person_would_in_the_order_of_the_reference()
    {
        var spec = new ServiceSpec
        {
            Name = "orders",
            Command = [@"C:\Program Files\Orders\orders.exe", "--name", "it's", "a: b"],
            Environment = new Dictionary<string, string> { ["B"] = "8080", ["A"] = "say \"hi\"" },
            User = new("orders"),
            Stop = new() { Timeout = TimeSpan.FromSeconds(90) },
            Files = [new("bin/**"), new("app.json", AccessClass.Config)],
        };
        Assert.Equal(
            """
            apiVersion: holdfast/v1
            kind: Service
            name: orders
            command:
              - 'C:\Program Files\Orders\orders.exe'
              - "--name"
              - "it's"
              - "a: b"
            environment:
              A: "say \"hi\""
              B: "8080"
            user: orders
            stop:
              timeout: 90s
            files:
              - bin/**
              - path: app.json
                access: config

            """,
            SpecWriter.ToYaml(spec));
    }

    private static string Whole(ServiceSpec spec) => JsonSerializer.Serialize(spec);
}
