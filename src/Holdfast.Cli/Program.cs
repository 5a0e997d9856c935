using System.Runtime.InteropServices;
using Holdfast.Cli;
using Holdfast.Cli.Output;

using var interrupted = new CancellationTokenSource();
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    // The second time the person means it: the process ends by the signal.
    if (interrupted.IsCancellationRequested) signal.Cancel = false;
    else interrupted.Cancel();
}

using var sigint = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

// An agent that took another one's place hears now what was signalled meanwhile.
if (args is ["agent", ..]) Holdfast.Platform.NextImage.HearSignals();

var cli = new CliContext(StandardOutput.Open(), TimeProvider.System, Environment.CurrentDirectory);
return await CommandLine.RunAsync(args, cli, interrupted.Token);
