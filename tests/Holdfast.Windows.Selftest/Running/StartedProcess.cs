using System.ComponentModel;
using System.Diagnostics;

namespace Holdfast.Windows.Selftest.Running;

/// <summary>Starts what a test needs beside itself.</summary>
internal static class StartedProcess
{
    /// <summary>ERROR_INTERNAL_ERROR.</summary>
    private const int InternalError = 1359;

    private const int Attempts = 3;

    /// <summary>
    /// Wine 8 answers a start with ERROR_INTERNAL_ERROR where its loader ended before the program had begun, without saying why (ntdll,
    /// get_new_process_info): seen once, and in none of 4,300 starts made to see it. Nothing of ours has run by then.
    /// </summary>
    public static Process Start(ProcessStartInfo start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception failure) when (failure.NativeErrorCode == InternalError && attempt < Attempts)
            {
                Console.Error.WriteLine($"{start.FileName} was not started: {failure.Message}");
            }
        }
    }
}
