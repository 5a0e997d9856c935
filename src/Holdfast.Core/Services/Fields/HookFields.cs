using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

internal static class HookFields
{
    public static GroupShape<HookSpec> Shape { get; } = new("Hook", new HookSpec { Command = [] },
        new Field<HookSpec, IReadOnlyList<string>>("command", CommandShape.One, h => h.Command, (h, v) => h with { Command = v },
            "The executable and its arguments, as for the service. It runs under the service's account, in its working folder.")
        { Required = true, Example = "[bin/migrate, --check]", Synonyms = ["exec", "cmd", "run"] },
        new Field<HookSpec, TimeSpan>("timeout", DurationShape.Positive, h => h.Timeout, (h, v) => h with { Timeout = v },
            "After this time it is killed and counts as failed.")
        { Example = "1m" });

    public static GroupShape<HooksSpec> All { get; } = new("Hooks", new HooksSpec(),
        new Field<HooksSpec, HookSpec>("preStart", Shape, h => h.PreStart, (h, v) => h with { PreStart = v },
            "Runs before the service. It must succeed, or the start has failed.") { Example = "{command: bin/migrate}" },
        new Field<HooksSpec, HookSpec>("postStart", Shape, h => h.PostStart, (h, v) => h with { PostStart = v },
            "Runs when the instance is ready. A failure is an event and changes nothing.") { Example = "{command: bin/warm-up}" },
        new Field<HooksSpec, HookSpec>("preStop", Shape, h => h.PreStop, (h, v) => h with { PreStop = v },
            "Runs before the stop signal. A failure is an event and changes nothing.") { Example = "{command: bin/drain}" },
        new Field<HooksSpec, HookSpec>("postStop", Shape, h => h.PostStop, (h, v) => h with { PostStop = v },
            "Runs when every process of the instance is gone. A failure is an event and changes nothing.") { Example = "{command: bin/clean-up}" });
}
