using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Ledger;

/// <summary>From the first fault to the last answer.</summary>
internal static class Serving
{
    /// <summary>Serves until a signal ends it, and returns the exit code.</summary>
    public static async Task<int> RunAsync(Settings settings, Patient patient, JsonLog log)
    {
        // Before the port is opened: a fault without a delay shows a service that ends before it has begun.
        try
        {
            foreach (var fault in settings.Faults)
                Faults.Inflict(patient, fault);
        }
        catch (FormatException bad)
        {
            log.Error("bad fault", ("error", bad.Message));
            return ExitCodes.BadSettings;
        }

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Listen), settings.Port);
        });
        await using var app = builder.Build();
        app.Run(new Pages(patient).AnswerAsync);

        var stop = new TaskCompletionSource<PosixSignal>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnStop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnStop);
        using var hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            patient.Reload();
        });

        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            log.Error("cannot listen", ("error", e.Message));
            return ExitCodes.CannotListen;
        }

        var address = app.Urls.First();
        log.Info("started", ("address", address), ("pid", Environment.ProcessId), ("version", Pages.Version));
        patient.Notify.Send($"READY=1\nSTATUS=taking orders on {address}");

        using var end = new CancellationTokenSource();
        var background = Task.WhenAll(patient.Notify.WatchdogAsync(() => patient.Alive, end.Token), TrafficAsync(patient, settings.Traffic, end.Token));
        await StopAsync(app, patient, await stop.Task);
        await end.CancelAsync();
        await background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;

        void OnStop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (patient.Symptoms.Stubborn)
                log.Warn("signal ignored", ("signal", signal.Signal.ToString()));
            else
                stop.TrySetResult(signal.Signal);
        }
    }

    private static async Task StopAsync(WebApplication app, Patient patient, PosixSignal signal)
    {
        var symptoms = patient.Symptoms;
        patient.Log.Info("stopping", ("signal", signal.ToString()));
        patient.Notify.Send("STOPPING=1\nSTATUS=finishing open orders");
        for (var left = symptoms.Linger; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            if (symptoms.Extend)
                patient.Notify.Send("EXTEND_TIMEOUT_USEC=2000000");
            await Task.Delay(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await app.StopAsync(deadline.Token);
        var (success, failure) = patient.Metrics.Orders;
        patient.Log.Info("stopped", ("orders", success + failure));
    }

    /// <summary>Makes up an order now and then, so that there is something to see.</summary>
    private static async Task TrafficAsync(Patient patient, TimeSpan every, CancellationToken end)
    {
        if (every <= TimeSpan.Zero)
            return;
        using var timer = new PeriodicTimer(every);
        for (var n = 1L; await timer.WaitForNextTickAsync(end); n++)
        {
            await patient.WhileHungAsync(end);
            var began = Environment.TickCount64;
            patient.Process(100 + (n * 37 % 9900), "EUR");
            patient.Metrics.Observe("POST", "/orders", 200, TimeSpan.FromMilliseconds(Environment.TickCount64 - began));
        }
    }
}
