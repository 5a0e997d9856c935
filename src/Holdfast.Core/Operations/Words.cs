using Holdfast.Core.Supervision;

namespace Holdfast.Core.Operations;

/// <summary>The words that users see for our states.</summary>
public static class Words
{
    /// <summary><c>running</c>, <c>backing-off</c>: as <c>ps</c>, metrics and sentences have it.</summary>
    public static string Word(this InstanceState state) => state switch
    {
        InstanceState.BackingOff => "backing-off",
        _ => Lower(state.ToString()),
    };

    public static string Word(this OperationAction action) => Lower(action.ToString());

    public static string Word(this ReleaseState state) => Lower(state.ToString());

#pragma warning disable CA1308 // These are words for people and metrics, lower case by definition.
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
