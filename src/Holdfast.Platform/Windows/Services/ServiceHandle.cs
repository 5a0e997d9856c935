namespace Holdfast.Platform.Windows.Services;

/// <summary>An open service, or the open SCM: an SC_HANDLE.</summary>
internal readonly struct ServiceHandle(IServiceApi api, nint value) : IDisposable
{
    public nint Value => value;

    public void Dispose() => api.Close(value);
}
