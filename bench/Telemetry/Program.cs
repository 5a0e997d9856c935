using Holdfast.Bench.Telemetry;

// telemetry encode                        nanoseconds and bytes allocated for each event, of lines of text and of lines of JSON
// telemetry audit FOLDER ENTRIES WRITERS  entries a second that so many writers append to an audit log, each waiting for the disk
switch (args)
{
    case ["encode"]:
        Encoding.Run();
        return 0;
    case ["audit", var folder, var entries, var writers] when int.TryParse(entries, out var count) && int.TryParse(writers, out var threads):
        Appending.Run(folder, count, threads);
        return 0;
    default:
        Console.Error.WriteLine("telemetry encode | telemetry audit FOLDER ENTRIES WRITERS");
        return 2;
}
