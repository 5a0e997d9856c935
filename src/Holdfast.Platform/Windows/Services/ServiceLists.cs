using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>Lists that the SCM gives piece by piece.</summary>
internal static unsafe class ServiceLists
{
    /// <summary>The API's own limit for one piece.</summary>
    private const int PieceBytes = 256 * 1024;

    public static Outcome<IReadOnlyList<ListedService>> All(IServiceApi api, nint manager)
    {
        var services = new List<ListedService>();
        var buffer = new byte[PieceBytes];
        uint error, resume = 0;
        fixed (byte* bytes = buffer)
        {
            do
            {
                error = api.List(manager, bytes, PieceBytes, out _, out var count, ref resume);
                if (error is not (WindowsError.None or WindowsError.MoreData)) return ScmProblems.Explain(error, "the list of services");
                var first = (WinSvc.EnumServiceStatusProcess*)bytes;
                for (var i = 0; i < count; i++)
                    services.Add(new(new string(first[i].Name), new string(first[i].DisplayName), StatusWords.Observed(first[i].Status)));
            }
            while (error == WindowsError.MoreData && resume != 0);
        }

        return services;
    }

    public static Outcome<IReadOnlyList<string>> Dependents(IServiceApi api, nint service, string name)
    {
        var buffer = new byte[PieceBytes];
        fixed (byte* bytes = buffer)
        {
            var error = api.ListDependents(service, bytes, PieceBytes, out _, out var count);
            if (error != WindowsError.None) return ScmProblems.Explain(error, name);
            var names = new List<string>();
            var first = (WinSvc.EnumServiceStatus*)bytes;
            for (var i = 0; i < count; i++)
                names.Add(new string(first[i].Name));
            return names;
        }
    }
}
