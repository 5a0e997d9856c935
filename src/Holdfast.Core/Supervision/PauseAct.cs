namespace Holdfast.Core.Supervision;

public enum PauseAct
{
    Pause,
    Continue,
}
