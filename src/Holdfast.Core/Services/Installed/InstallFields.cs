using Holdfast.Core.NativeServices;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services;

/// <summary>The keys below <c>install</c>; each is the option of <c>service install</c> of that name. Explained and listed as a spec's are.</summary>
internal static class InstallFields
{
    public const string Key = "install";

    public static GroupShape<InstallSpec> Shape { get; } = new("Install", new InstallSpec(),
        new Field<InstallSpec, NativeStartType>("start", new ChoiceShape<NativeStartType>(
                ("automatic", NativeStartType.Automatic, "At boot."),
                ("delayed", NativeStartType.Delayed, "Windows: after the others."),
                ("manual", NativeStartType.Manual, "When somebody starts it."),
                ("disabled", NativeStartType.Disabled, "Not at all.")),
            i => i.Start, (i, v) => i with { Start = v }, "When it starts.") { Example = "manual", Synonyms = ["startType"] },
        new Field<InstallSpec, IReadOnlyList<string>>("depends", new ListShape<string>("list of names of the service manager's", new TextShape("name") { Most = 256 }), i => i.Depends, (i, v) => i with { Depends = v },
            "What the service manager starts before it, by its names there.") { Example = "[postgresql.service]", Synonyms = ["dependencies", "dependsOn"] },
        new Field<InstallSpec, IReadOnlyList<string>>("writable", new ListShape<string>("list of folders", new TextShape("folder") { Most = 1024 }), i => i.Writable, (i, v) => i with { Writable = v },
            "Folders beside the executable that the service writes, and that are not pinned.") { Example = "[logs]" },
        new Field<InstallSpec, bool>("executableOnly", new FlagShape(), i => i.ExecutableOnly, (i, v) => i with { ExecutableOnly = v },
            "Pin the executable, and nothing that lies beside it.") { Example = "true" });
}
