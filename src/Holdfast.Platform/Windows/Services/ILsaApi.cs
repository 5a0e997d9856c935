namespace Holdfast.Platform.Windows.Services;

/// <summary>The local security authority's calls, one to one; each returns an NTSTATUS, 0 being success. Behind an interface, because Wine has none of them that does anything.</summary>
internal unsafe interface ILsaApi
{
    /// <param name="attributes">LSA_OBJECT_ATTRIBUTES</param>
    int OpenPolicy(void* attributes, uint access, out nint policy);

    /// <param name="rights">LSA_UNICODE_STRINGs</param>
    int AddAccountRights(nint policy, byte* sid, void* rights, uint count);

    int Close(nint policy);

    uint ToWin32(int status);
}
