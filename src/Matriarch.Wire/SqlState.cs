namespace Matriarch.Wire;

/// <summary>The error codes that Matriarch itself sends (PostgreSQL documentation, appendix A).</summary>
public static class SqlState
{
    public const string ProtocolViolation = "08P01";
    public const string ConnectionFailure = "08006";
    public const string FeatureNotSupported = "0A000";
    public const string InvalidAuthorization = "28000";
    public const string InvalidPassword = "28P01";
    public const string InvalidCatalogName = "3D000";
    public const string StatementCompletionUnknown = "40003";
    public const string TooManyConnections = "53300";
    public const string AdminShutdown = "57P01";
    public const string CannotConnectNow = "57P03";
}
