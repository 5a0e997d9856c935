using Ledger;

if (args is [Sleeper.Role, ..])
    return Sleeper.Run(args[1..]);

Settings settings;
try
{
    settings = Settings.Read(args, Environment.GetEnvironmentVariable);
}
catch (FormatException bad)
{
    Console.Error.WriteLine($"ledger: {bad.Message}");
    return ExitCodes.BadSettings;
}

var log = new JsonLog(Console.OpenStandardOutput(), settings.LogLevel);
var patient = new Patient(log, new Notifier(Environment.GetEnvironmentVariable, log));
return await Serving.RunAsync(settings, patient, log);

namespace Ledger
{
    /// <summary>As in sysexits.h, where it has a word for it.</summary>
    internal static class ExitCodes
    {
        public const int CannotListen = 69;
        public const int BadSettings = 78;
    }
}
