namespace Holdfast.Platform.Windows.EventLog;

/// <summary>
/// advapi32's calls for writing events, one to one; each returns Windows' error number, 0 being success. Behind an interface, because Wine
/// writes nothing: tests let a fake read what is passed, as Windows would.
/// </summary>
internal unsafe interface IEventLogApi
{
    uint Open(string source, out nint log);

    /// <param name="strings">Ended by NUL each.</param>
    uint Report(nint log, ushort type, uint id, ushort count, char** strings);

    void Close(nint log);
}
