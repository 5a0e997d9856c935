using System.Globalization;
using System.Text;

namespace Ledger;

/// <summary>All things that can go wrong on request: samples/payments/README.md has the list. Each first checks its parameters.</summary>
internal static class Faults
{
    public static readonly SortedDictionary<string, Func<Patient, Fault, Func<object?>>> All = new(StringComparer.Ordinal)
    {
        ["crash"] = Crash,
        ["hang"] = During((s, on) => s with { Hung = on }),
        ["unready"] = During((s, on) => s with { Unready = on }),
        ["sick"] = During((s, on) => s with { Sick = on }),
        ["mute"] = During((s, on) => s with { Mute = on }),
        ["stubborn"] = During((s, on) => s with { Stubborn = on }),
        ["slow"] = Slow,
        ["linger"] = Linger,
        ["leak"] = Leak,
        ["fork"] = Fork,
        ["flood"] = Flood,
        ["spill"] = Spill,
    };

    private static readonly List<byte[]> Leaked = [];

    /// <summary>Begins a fault: now, or after its delay. Returns what is worth telling (process ids).</summary>
    public static object? Inflict(Patient patient, Fault fault)
    {
        var after = fault.Duration("after", "0s");
        var act = All[fault.Name](patient, fault);
        patient.Log.Warn("fault", ("fault", fault.Name), ("args", fault.Args));
        if (after == TimeSpan.Zero)
            return act();
        After(after, () => act());
        return null;
    }

    private static Func<object?> Crash(Patient patient, Fault fault)
    {
        var how = fault.Choice("how", "exit", "panic", "segv", "kill");
        var code = fault.Number("code", 1);
        return () =>
        {
            switch (how)
            {
                case "panic": Environment.FailFast("ledger was told to panic"); break;
                case "segv": Native.DieOfSegmentationFault(); break;
                case "kill": System.Diagnostics.Process.GetCurrentProcess().Kill(); break;
                default: Environment.Exit(code); break;
            }

            return null;
        };
    }

    private static Func<Patient, Fault, Func<object?>> During(Func<Symptoms, bool, Symptoms> set) => (patient, fault) =>
    {
        var length = fault.Duration("for", "0s");
        var off = fault.Is("off");
        return () =>
        {
            patient.Change(s => set(s, !off));
            if (length > TimeSpan.Zero && !off)
                After(length, () => patient.Change(s => set(s, false)));
            return null;
        };
    };

    private static Func<object?> Slow(Patient patient, Fault fault)
    {
        var by = fault.Duration("by", "1s");
        return Set(patient, s => s with { Delay = by, DelayHealth = fault.Is("health") });
    }

    private static Func<object?> Linger(Patient patient, Fault fault)
    {
        var by = fault.Duration("by", "5s");
        return Set(patient, s => s with { Linger = by, Extend = fault.Is("extend") });
    }

    private static Func<object?> Set(Patient patient, Func<Symptoms, Symptoms> change) => () =>
    {
        patient.Change(change);
        return null;
    };

    private static Func<object?> Leak(Patient patient, Fault fault)
    {
        var (mb, rate) = (fault.Number("mb", 64), fault.Number("rate", 0));
        return () =>
        {
            InBackground(() =>
            {
                for (var i = 0; i < mb; i++)
                {
                    var block = GC.AllocateArray<byte>(1 << 20, pinned: true);
                    block.AsSpan().Fill(1); // memory that is only promised counts against no limit
                    lock (Leaked)
                        Leaked.Add(block);
                    if (rate > 0)
                        Thread.Sleep(1000 / rate); // the pace that was asked for, on a thread of the fault's own
                }
            });
            return null;
        };
    }

    private static Func<object?> Fork(Patient patient, Fault fault)
    {
        var sleeper = new Sleeper(
            fault.Choice("how", "child", "setsid", "double"), fault.Duration("for", "1h"), fault.Is("stubborn"), fault.Is("keep"));
        var count = fault.Number("count", 1);
        return () =>
        {
            var pids = Enumerable.Range(0, count).Select(_ => sleeper.Start()).ToArray();
            patient.Log.Warn("forked", ("how", sleeper.How), ("pids", pids));
            return pids;
        };
    }

    private static Func<object?> Flood(Patient patient, Fault fault)
    {
        var (lines, size, rate) = (fault.Number("lines", 10000), fault.Number("size", 100), fault.Number("rate", 0));
        var (stream, id) = (fault.Choice("stream", "stdout", "stderr"), fault.Text("id", "flood"));
        return () =>
        {
            InBackground(() =>
            {
                using var output = stream == "stdout" ? Console.OpenStandardOutput() : Console.OpenStandardError();
                var began = Environment.TickCount64;
                for (var n = 1; n <= lines; n++)
                {
                    var head = string.Create(CultureInfo.InvariantCulture, $"{id} {n} ");
                    output.Write(Encoding.UTF8.GetBytes(head.PadRight(Math.Max(head.Length, size - 1), 'x') + "\n"));
                    if (rate > 0 && began + (n * 1000L / rate) - Environment.TickCount64 is > 0 and var early)
                        Thread.Sleep((int)early); // likewise
                }

                patient.Log.Info("flood over", ("id", id), ("lines", lines), ("seconds", (Environment.TickCount64 - began) / 1000.0));
            });
            return null;
        };
    }

    private static Func<object?> Spill(Patient patient, Fault fault) => () =>
    {
        patient.Log.Info("card charged", ("pan", "4111 1111 1111 1111"));
        patient.Log.Info("calling the bank", ("header", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.c2FtcGxl.bm90LWEtc2VjcmV0"));
        Console.Out.Write("-----BEGIN " + "PRIVATE KEY-----\nbm90IGEga2V5LCBidXQgaXQgbG9va3MgbGlrZSBvbmU=\n-----END " + "PRIVATE KEY-----\n");
        return null;
    };

    private static void After(TimeSpan delay, Action act) => InBackground(() =>
    {
        Thread.Sleep(delay);
        act();
    });

    private static void InBackground(Action act) => new Thread(() => act()) { IsBackground = true }.Start();
}
