using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Files;

/// <summary>Written beside, flushed, renamed over the old one with MOVEFILE_WRITE_THROUGH. NTFS journals names: a folder needs no flush of its own.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsDurableFile
{
    /// <summary>A scanner or an indexer has a new file open for a moment, and nobody renames over that.</summary>
    private static readonly TimeSpan RenameWithin = TimeSpan.FromMilliseconds(500);

    private static int writes;

    public static Outcome<Done> Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}-{Interlocked.Increment(ref writes)}{DurableFolder.UnfinishedSuffix}");
        using var descriptor = new SecurityDescriptor(AccessText.Of(mode, folder: false, Sids.Keeper, null));
        var attributes = descriptor.Attributes;
        using (var file = Kernel32.CreateFile(temporary, Kernel32.GENERIC_WRITE, 0, &attributes, Kernel32.CREATE_NEW, Kernel32.FILE_FLAG_OPEN_REPARSE_POINT, 0))
        {
            if (file.IsInvalid) return Failed(path, "create a file beside it", Win32Error.Last);
            if (Fill(file, content) is var (step, error) && error != 0)
            {
                file.Dispose();
                return Abandon(temporary, path, step, error);
            }
        }

        return Rename(temporary, path) is var failure and not 0 ? Abandon(temporary, path, "rename", failure) : Outcome.Done;
    }

    public static Outcome<Done> Delete(string path)
    {
        if (Kernel32.DeleteFile(path)) return Outcome.Done;
        var error = Win32Error.Last;
        return error is Win32Error.FILE_NOT_FOUND or Win32Error.PATH_NOT_FOUND ? Outcome.Done : Failed(path, "remove", error);
    }

    /// <exception cref="IOException">There is no such folder.</exception>
    public static void SyncFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw Win32Error.Failure($"sync the folder {folder}", Win32Error.PATH_NOT_FOUND);
    }

    /// <exception cref="IOException">The disk failed, or there is no such folder.</exception>
    public static void SyncAll(string folder)
    {
        SyncFolder(folder);
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            if (!Kernel32.FlushFileBuffers(file)) throw Win32Error.Failure($"flush {path}", Win32Error.Last);
        }
    }

    private static (string Step, int Error) Fill(SafeFileHandle file, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            fixed (byte* from = content)
            {
                if (!Kernel32.WriteFile(file, from, (uint)content.Length, out var count, null)) return ("write", Win32Error.Last);
                content = content[(int)count..];
            }
        }

        return Kernel32.FlushFileBuffers(file) ? ("", 0) : ("sync", Win32Error.Last);
    }

    /// <summary>0, or the error of the last try.</summary>
    private static int Rename(string from, string to)
    {
        var error = 0;
        _ = SpinWait.SpinUntil(
            () =>
            {
                error = Kernel32.MoveFileEx(from, to, Kernel32.MOVEFILE_REPLACE_EXISTING | Kernel32.MOVEFILE_WRITE_THROUGH) ? 0 : Win32Error.Last;
                return error is not (Win32Error.SHARING_VIOLATION or Win32Error.ACCESS_DENIED) || Directory.Exists(to);
            },
            RenameWithin);
        return error;
    }

    private static Problem Abandon(string temporary, string path, string step, int error)
    {
        Kernel32.DeleteFile(temporary);
        return Failed(path, step, error);
    }

    private static Problem Failed(string path, string step, int error) => error is Win32Error.DISK_FULL or Win32Error.HANDLE_DISK_FULL
        ? new(ProblemKind.Failed, "file.no-space", $"No space is left on the disk for {path}.")
        {
            Why = "what was there before is untouched",
            Mend = "free some space and try again",
        }
        : new(ProblemKind.Failed, "file.write-failed", $"Cannot write {path}: {step}: {Win32Error.Describe(error)}.");
}
