using System.Xml.Linq;

namespace Holdfast.Core.Tests.House;

/// <summary>Who may reference whom, and who may take which package: the house's walls. A wall moves with an ADR.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Rooms =
        ["Core", "Rpc", "Platform", "Packaging", "Storage", "Segments", "Telemetry", "Identity"];

    private static readonly Dictionary<string, string[]> MayReference = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Rpc"] = [],
        ["Rpc.Generator"] = [],
        ["EventMessages"] = [],
        ["Platform"] = ["Core"],
        ["Packaging"] = ["Core"],
        ["Storage"] = ["Core", "Rpc"],
        ["Segments"] = ["Core"],
        ["Telemetry"] = ["Core", "Rpc", "Segments"],
        ["Identity"] = ["Core", "Platform"],
        ["Delivery"] = ["Core", "Packaging", "Platform"],
        ["Node"] = Rooms,
        ["Supervisor"] = ["Core", "EventMessages", "Platform", "Segments"],
        ["Cli"] = [.. Rooms, "Delivery", "Node"],
        ["Testing"] = [.. Rooms, "Node"],
    };

    private static readonly Dictionary<string, string[]> MayTake = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Rpc"] = ["Google.Protobuf", "Grpc.Tools"],
        ["Rpc.Generator"] = ["Google.Protobuf", "Grpc.Tools"],
        ["EventMessages"] = [],
        ["Platform"] = [],
        ["Packaging"] = ["System.Security.Cryptography.Pkcs", "YamlDotNet"],
        ["Storage"] = ["Google.Protobuf", "Grpc.Tools", "Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3"],
        ["Segments"] = [],
        ["Telemetry"] = ["Confluent.Kafka", "Google.Protobuf", "Grpc.Tools", "Microsoft.Diagnostics.Tracing.TraceEvent"],
        ["Identity"] = [],
        ["Delivery"] = [],
        ["Node"] = [],
        ["Supervisor"] = [],
        ["Cli"] = ["System.CommandLine"],
        ["Testing"] = ["xunit.assert", "xunit.extensibility.core", "xunit.extensibility.execution"],
    };

    /// <summary>Who has a web server at hand. The supervisor never does.</summary>
    private static readonly string[] MayServe = ["Rpc", "Node", "Cli"];

    [Fact]
    public void Every_project_has_a_row_in_the_tables()
    {
        Assert.Equal(Projects().Order(StringComparer.Ordinal), MayReference.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(MayReference.Keys.Order(StringComparer.Ordinal), MayTake.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Projects_reference_only_whom_they_may()
    {
        Findings.AssertNone(
            from project in Projects()
            from reference in References(project)
            where !MayReference[project].Contains(reference)
            select $"Holdfast.{project} → Holdfast.{reference}",
            "A reference that the house does not allow:");
    }

    [Fact]
    public void Projects_take_only_the_packages_they_may()
    {
        Findings.AssertNone(
            from project in Projects()
            from package in Includes(project, "PackageReference")
            where !MayTake[project].Contains(package)
            select $"Holdfast.{project} → {package}",
            "A package that the house does not allow there:");
    }

    [Fact]
    public void Only_those_who_serve_take_the_web_framework()
    {
        Findings.AssertNone(
            from project in Projects()
            where Includes(project, "FrameworkReference").Any() && !MayServe.Contains(project)
            select $"Holdfast.{project}",
            "A web framework where there is to be no web server:");
    }

    [Fact]
    public void The_supervisor_takes_no_package_by_any_way()
    {
        Findings.AssertNone(
            from project in Closure("Supervisor")
            from package in Includes(project, "PackageReference").Concat(Includes(project, "FrameworkReference"))
            select $"Holdfast.{project} → {package}",
            "The supervisor must outlive everything else, and stands on the framework alone:");
    }

    [Fact]
    public void Core_needs_no_unsafe_code_and_no_framework_but_the_base()
    {
        var core = Project("Core");
        Assert.Empty(core.Descendants("AllowUnsafeBlocks"));
        Assert.Empty(core.Descendants("ProjectReference"));
        Assert.Empty(core.Descendants("PackageReference"));
        Assert.Empty(core.Descendants("FrameworkReference"));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Text("Holdfast.slnx");
        Findings.AssertNone(
            Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)
                && !file.StartsWith("samples/", StringComparison.Ordinal)
                && !solution.Contains($"\"{file}\"", StringComparison.Ordinal)),
            "A project that the solution does not build:");
    }

    private static IEnumerable<string> Projects() =>
        from file in Repository.Files
        where file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal)
        select Path.GetFileNameWithoutExtension(file)["Holdfast.".Length..];

    private static HashSet<string> Closure(string project)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>([project]);
        while (next.TryPop(out var one))
        {
            if (!reached.Add(one))
                continue;
            foreach (var reference in References(one))
                next.Push(reference);
        }

        return reached;
    }

    private static IEnumerable<string> References(string project) =>
        Includes(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["Holdfast.".Length..]);

    private static IEnumerable<string> Includes(string project, string element) =>
        Project(project).Descendants(element).Select(one => one.Attribute("Include")!.Value);

    private static XDocument Project(string name) => XDocument.Load(Repository.Full($"src/Holdfast.{name}/Holdfast.{name}.csproj"));
}
