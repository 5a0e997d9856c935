using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Births;

/// <summary>
/// CreateProcess with all that it takes to be born clean: in its job before its first instruction, with three handles and no other of ours,
/// whatever else is inheritable and whatever is being started beside it, and with an environment of its own.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class Birth
{
    private const int MostAttributes = 2;

    /// <summary>Only an inheritable handle can be listed; so the three are made so for as long as the call lasts, and only copies of them.</summary>
    public static BornProcess Start(BirthRequest request)
    {
        var copies = stackalloc nint[3];
        var copied = 0;
        try
        {
            foreach (var handle in (ReadOnlySpan<SafeHandle>)[request.Input, request.Output, request.Error])
            {
                if (!Kernel32.DuplicateHandle(Kernel32.GetCurrentProcess(), handle, Kernel32.GetCurrentProcess(), out copies[copied], 0, true, Kernel32.DUPLICATE_SAME_ACCESS))
                    return new(null, 0, Win32Error.Last);
                copied++;
            }

            return Start(request, copies);
        }
        finally
        {
            for (var i = 0; i < copied; i++) Kernel32.CloseHandle(copies[i]);
        }
    }

    private static BornProcess Start(BirthRequest request, nint* three)
    {
        nuint length = 0;
        _ = Kernel32.InitializeProcThreadAttributeList(null, MostAttributes, 0, ref length);
        fixed (byte* attributes = new byte[(int)length])
        {
            if (!Kernel32.InitializeProcThreadAttributeList(attributes, MostAttributes, 0, ref length)) return new(null, 0, Win32Error.Last);
            try
            {
                if (!Kernel32.UpdateProcThreadAttribute(attributes, 0, Kernel32.PROC_THREAD_ATTRIBUTE_HANDLE_LIST, three, (nuint)(3 * sizeof(nint)), 0, 0)) return new(null, 0, Win32Error.Last);
                // The list points to it until the call is over.
                var job = request.Job?.DangerousGetHandle() ?? 0;
                if (job != 0 && !Kernel32.UpdateProcThreadAttribute(attributes, 0, Kernel32.PROC_THREAD_ATTRIBUTE_JOB_LIST, &job, (nuint)sizeof(nint), 0, 0))
                    return new(null, 0, Win32Error.Last);
                return Create(request, three, attributes);
            }
            finally
            {
                Kernel32.DeleteProcThreadAttributeList(attributes);
                GC.KeepAlive(request);
            }
        }
    }

    private static BornProcess Create(BirthRequest request, nint* three, byte* attributes)
    {
        var startup = new Kernel32.StartupInfoEx
        {
            Length = (uint)sizeof(Kernel32.StartupInfoEx),
            Flags = Kernel32.STARTF_USESTDHANDLES,
            Input = three[0],
            Output = three[1],
            Error = three[2],
            Attributes = attributes,
        };
        Kernel32.ProcessInformation born = default;
        var flags = request.Flags | Kernel32.EXTENDED_STARTUPINFO_PRESENT | Kernel32.CREATE_UNICODE_ENVIRONMENT;
        // CreateProcess may write into the command line.
        fixed (char* commandLine = $"{CommandLineText.Of(request.Executable, request.Arguments)}\0".ToCharArray())
        fixed (char* environment = EnvironmentText.Of(request.Environment))
        {
            if (!Kernel32.CreateProcess(request.Executable, commandLine, null, null, true, flags, environment, request.Folder, &startup, &born)) return new(null, 0, Win32Error.Last);
        }

        Kernel32.CloseHandle(born.Thread);
        return new(new SafeProcessHandle(born.Process, ownsHandle: true), born.Pid, 0);
    }
}
