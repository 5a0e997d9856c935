namespace Holdfast.Core.NativeServices;

/// <summary>The error numbers of Windows that native services speak (winerror.h). What they mean to people: <see cref="ScmProblems"/>.</summary>
public static class WindowsError
{
    public const uint None = 0;
    public const uint FileNotFound = 2;
    public const uint PathNotFound = 3;
    public const uint AccessDenied = 5;
    public const uint InvalidHandle = 6;
    public const uint InvalidParameter = 87;
    public const uint CallNotImplemented = 120;
    public const uint InsufficientBuffer = 122;
    public const uint InvalidName = 123;
    public const uint InvalidLevel = 124;
    public const uint BadExecutable = 193;
    public const uint MoreData = 234;
    public const uint DependentsRunning = 1051;
    public const uint InvalidControl = 1052;
    public const uint RequestTimeout = 1053;
    public const uint NoThread = 1054;
    public const uint DatabaseLocked = 1055;
    public const uint AlreadyRunning = 1056;
    public const uint InvalidAccount = 1057;
    public const uint Disabled = 1058;
    public const uint CircularDependency = 1059;
    public const uint NotInstalled = 1060;
    public const uint CannotAcceptControl = 1061;
    public const uint NotActive = 1062;
    public const uint NotRunByScm = 1063;
    public const uint ExceptionInService = 1064;
    public const uint NoDatabase = 1065;
    public const uint ServiceSpecific = 1066;
    public const uint ProcessAborted = 1067;
    public const uint DependencyFailed = 1068;
    public const uint LogonFailed = 1069;
    public const uint StartHung = 1070;
    public const uint InvalidLock = 1071;
    public const uint MarkedForDelete = 1072;
    public const uint Exists = 1073;
    public const uint DependencyDeleted = 1075;
    public const uint NeverStarted = 1077;
    public const uint DuplicateName = 1078;
    public const uint DifferentAccount = 1079;
    public const uint ShutdownInProgress = 1115;
    public const uint NoSuchPrivilege = 1313;
    public const uint NotHeld = 1314;
}
