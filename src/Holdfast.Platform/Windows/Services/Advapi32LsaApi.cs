using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>The real one.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class Advapi32LsaApi : ILsaApi
{
    public int OpenPolicy(void* attributes, uint access, out nint policy) => Advapi32.LsaOpenPolicy(null, (Advapi32.LsaAttributes*)attributes, access, out policy);

    public int AddAccountRights(nint policy, byte* sid, void* rights, uint count) => Advapi32.LsaAddAccountRights(policy, sid, (Advapi32.LsaText*)rights, count);

    public int Close(nint policy) => Advapi32.LsaClose(policy);

    public uint ToWin32(int status) => Advapi32.LsaNtStatusToWinError(status);
}
