namespace Holdfast.Telemetry.Sinks.Otlp;

/// <summary>OpenTelemetry's number of a level, by the words that loggers have for it (its logs data model, "SeverityNumber" and appendix B).</summary>
internal static class OtlpSeverity
{
    /// <returns>1 to 24; 0: a word that is not known.</returns>
    public static int Number(string level) => level.ToUpperInvariant() switch
    {
        "TRACE" or "TRC" or "VERBOSE" or "FINEST" => 1,
        "DEBUG" or "DBG" or "FINE" => 5,
        "INFO" or "INF" or "INFORMATION" or "INFORMATIONAL" => 9,
        "NOTICE" => 10,
        "WARN" or "WRN" or "WARNING" => 13,
        "ERROR" or "ERR" or "SEVERE" => 17,
        "CRIT" => 18,
        "ALERT" => 19,
        "FATAL" or "FTL" or "CRITICAL" or "PANIC" or "EMERG" or "EMERGENCY" => 21,
        _ => 0,
    };
}
