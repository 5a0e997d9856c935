using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

internal static class StopFields
{
    public static GroupShape<StopSpec> Stop { get; } = new("Stop", new StopSpec(),
        new Field<StopSpec, string>("signal", Signals.Shape, s => s.Signal, (s, v) => s with { Signal = v },
            "The signal that asks the service to end.") { Example = "INT" },
        new Field<StopSpec, TimeSpan>("timeout", DurationShape.Positive, s => s.Timeout, (s, v) => s with { Timeout = v },
            "How long it may take after the signal; then all of its processes are killed.") { Example = "30s", Synonyms = ["time", "grace", "gracePeriod"] });

    public static GroupShape<ReloadSpec> Reload { get; } = new("Reload", new ReloadSpec(),
        new Field<ReloadSpec, string>("signal", Signals.Shape, r => r.Signal, (r, v) => r with { Signal = v },
            "The signal that makes it read its configuration again.") { Example = "HUP" },
        new Field<ReloadSpec, HookSpec>("hook", HookFields.Shape, r => r.Hook, (r, v) => r with { Hook = v },
            "The command that makes it read its configuration again.") { Example = "{command: [bin/ctl, reload]}" });
}
