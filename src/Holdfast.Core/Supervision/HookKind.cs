namespace Holdfast.Core.Supervision;

public enum HookKind
{
    PreStart,
    PostStart,
    PreStop,
    PostStop,
    Reload,
    Pause,
    Continue,
    Promote,
}
