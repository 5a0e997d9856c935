namespace Holdfast.Core.Services;

/// <summary>Exit code 0 is done.</summary>
public sealed record PauseHooks(HookSpec Pause, HookSpec Continue);
