using Holdfast.Core.Services.Shapes;

namespace Holdfast.Core.Services.Fields;

internal static class Signals
{
    public static ChoiceShape<string> Shape { get; } = new(
        ("TERM", "TERM", "Please end (the usual one)."),
        ("INT", "INT", "As Ctrl+C does."),
        ("QUIT", "QUIT", "As Ctrl+\\ does; some servers finish their requests on it."),
        ("HUP", "HUP", "The terminal is gone; many servers read their configuration again on it."),
        ("USR1", "USR1", "What the service makes of it."),
        ("USR2", "USR2", "What the service makes of it."));
}
