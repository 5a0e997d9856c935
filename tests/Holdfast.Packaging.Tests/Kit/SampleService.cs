using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Packaging.Building;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Kit;

/// <summary>A small service's folder, and what packs it.</summary>
public static class SampleService
{
    public const string Spec = "apiVersion: holdfast/v1\nkind: Service\nname: orders\nversion: 1.2.3\ncommand: [bin/orders, -v]\n";

    public static TempFolder Folder()
    {
        TempFolder folder = new();
        folder.Write("holdfast.yaml", Spec);
        folder.Write("bin/orders", "#!/bin/sh\nexec sleep 1000\n");
        folder.Write("config/app.json", "{\"level\":\"info\"}\r\n");
        folder.Write("lib/empty.txt", "");
        return folder;
    }

    public static Outcome<PackedPackage> TryPack(string folder, string output)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, "holdfast.yaml"));
        return SpecFile.Read(Encoding.UTF8.GetString(bytes), "holdfast.yaml").Then(spec => PackageBuilder.Pack(folder, bytes, spec, output));
    }

    public static PackedPackage Pack(string folder, string output) => TryPack(folder, output).Value;

    /// <summary>Packs with these patterns instead of the spec's own.</summary>
    public static Outcome<PackedPackage> TryPack(TempFolder folder, string output, params FileSpec[] files)
    {
        var spec = SpecFile.Read(Spec, "holdfast.yaml").Value with { Files = files };
        return PackageBuilder.Pack(folder.Path, Encoding.UTF8.GetBytes(Spec), spec, output);
    }

    /// <summary>The unsigned package of the sample, in a folder that the caller disposes.</summary>
    public static (TempFolder Folder, string Package) Packed()
    {
        var folder = Folder();
        var package = folder["orders-1.2.3.hfpkg"];
        Pack(folder.Path, package);
        return (folder, package);
    }
}
