using Holdfast.Core.NativeServices;

namespace Holdfast.Core.Tests.NativeServices;

/// <summary>The service control manager as Microsoft documents it: what it lets through to a service, and what it may be told.</summary>
internal sealed class ScmModel
{
    /// <summary>What it assumes before the first report.</summary>
    public NativeStatus Seen { get; private set; } = new(NativeState.StartPending, AcceptedControls.None, 0, TimeSpan.FromSeconds(2), NativeExit.Success);

    public List<NativeStatus> Reports { get; } = [];

    public bool HasEnded => Seen.State == NativeState.Stopped;

    public void Tell(NativeStatus status, string after)
    {
        Assert.False(HasEnded, $"told {status.State} after STOPPED, after {after}");
        if (Reports.Count > 0) Assert.True(MayFollow(Seen.State, status.State), $"{status.State} after {Seen.State}, after {after}");
        else Assert.Equal(NativeState.StartPending, status.State);

        if (status.IsPending)
        {
            var least = Reports.Count > 0 && status.State == Seen.State ? Seen.Checkpoint + 1 : 1;
            Assert.True(status.Checkpoint >= least, $"checkpoint {status.Checkpoint} where {least} is due, after {after}");
            Assert.True(status.WaitHint > TimeSpan.Zero && status.WaitHint.TotalMilliseconds <= int.MaxValue, $"wait hint {status.WaitHint}, after {after}");
        }
        else
        {
            Assert.Equal(0, status.Checkpoint);
            Assert.Equal(TimeSpan.Zero, status.WaitHint);
        }

        CheckControls(status);
        CheckExit(status);
        Seen = status;
        Reports.Add(status);
    }

    /// <summary>Whether ControlService passes it on; null: by its own rules it would not be asked.</summary>
    public bool Delivers(NativeControl control) => Seen.State switch
    {
        NativeState.Stopped or NativeState.StopPending => false,
        NativeState.StartPending => control == NativeControl.Stop && Seen.Accepted.HasFlag(AcceptedControls.Stop),
        _ => Bit(control) is not { } bit || Seen.Accepted.HasFlag(bit),
    };

    private static AcceptedControls? Bit(NativeControl control) => control switch
    {
        NativeControl.Stop => AcceptedControls.Stop,
        NativeControl.Pause or NativeControl.Continue => AcceptedControls.PauseContinue,
        NativeControl.Shutdown => AcceptedControls.Shutdown,
        NativeControl.Preshutdown => AcceptedControls.Preshutdown,
        NativeControl.ParamChange => AcceptedControls.ParamChange,
        NativeControl.Interrogate => null,
        // Bits that the service never sets, and codes of its own.
        _ => null,
    };

    private static bool MayFollow(NativeState before, NativeState next) => before switch
    {
        NativeState.StartPending => next is NativeState.StartPending or NativeState.Running or NativeState.StopPending or NativeState.Stopped,
        NativeState.Running => next is NativeState.PausePending or NativeState.Paused or NativeState.StopPending or NativeState.Stopped,
        NativeState.PausePending => next is NativeState.PausePending or NativeState.Paused or NativeState.Running or NativeState.StopPending or NativeState.Stopped,
        NativeState.Paused => next is NativeState.ContinuePending or NativeState.Running or NativeState.StopPending or NativeState.Stopped,
        NativeState.ContinuePending => next is NativeState.ContinuePending or NativeState.Running or NativeState.Paused or NativeState.StopPending or NativeState.Stopped,
        NativeState.StopPending => next is NativeState.StopPending or NativeState.Stopped,
        _ => false,
    };

    private static void CheckControls(NativeStatus status)
    {
        switch (status.State)
        {
            case NativeState.StartPending:
                Assert.True(status.Accepted is AcceptedControls.None or AcceptedControls.Stop, $"{status.Accepted} while it starts");
                break;
            case NativeState.StopPending or NativeState.Stopped:
                Assert.Equal(AcceptedControls.None, status.Accepted);
                break;
            default:
                Assert.True(status.Accepted.HasFlag(AcceptedControls.Stop));
                Assert.NotEqual(status.Accepted.HasFlag(AcceptedControls.Shutdown), status.Accepted.HasFlag(AcceptedControls.Preshutdown));
                break;
        }
    }

    private static void CheckExit(NativeStatus status)
    {
        if (status.State != NativeState.Stopped) Assert.Equal(NativeExit.Success, status.Exit);
        Assert.Contains(status.Exit.Win32, new[] { WindowsError.None, WindowsError.ServiceSpecific, WindowsError.ProcessAborted });
        Assert.Equal(status.Exit.Win32 == WindowsError.ServiceSpecific, status.Exit.Specific != 0);
    }
}
