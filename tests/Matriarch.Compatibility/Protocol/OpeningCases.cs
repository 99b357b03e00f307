namespace Matriarch.Compatibility;

/// <summary>First packets: what a client may say before it is known.</summary>
internal static class OpeningCases
{
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;
    private const int CancelRequest = 80877102;

    public static IReadOnlyDictionary<string, Func<RawSession, Side, Task>> All { get; } =
        new Dictionary<string, Func<RawSession, Side, Task>>
        {
            ["SSLRequest, then a startup packet"] = async (s, side) =>
            {
                s.Raw(null, new WireText().Int32(SslRequest));
                await s.ByteAsync();
                s.Startup(("user", "postgres"), ("database", side.Database));
                await s.UntilAsync('R');
            },
            ["GSSENCRequest"] = async (s, _) =>
            {
                s.Raw(null, new WireText().Int32(GssRequest));
                await s.ByteAsync();
            },
            ["SSLRequest twice"] = async (s, _) =>
            {
                s.Raw(null, new WireText().Int32(SslRequest));
                await s.ByteAsync();
                s.Raw(null, new WireText().Int32(SslRequest));
                await s.ToEndAsync();
            },
            ["protocol 3.2"] = (s, side) => VersionAsync(s, side, 196610),
            ["protocol 2.0"] = (s, side) => VersionAsync(s, side, 131072),
            ["protocol 4.0"] = (s, side) => VersionAsync(s, side, 262144),
            ["an option of the protocol"] = async (s, side) =>
            {
                s.Startup(("user", "postgres"), ("database", side.Database), ("_pq_.what", "x"));
                await s.UntilAsync('R');
            },
            ["no user"] = async (s, side) =>
            {
                s.Startup(("database", side.Database));
                await s.ToEndAsync();
            },
            ["no database"] = async (s, _) =>
            {
                s.Startup(("user", "postgres"));
                await s.UntilAsync('R');
            },
            ["no end of the parameters"] = async (s, _) =>
            {
                s.Raw(null, new WireText().Int32(196608).Text("user").Text("postgres"));
                await s.ToEndAsync();
            },
            ["a packet that is too short"] = async (s, _) =>
            {
                s.Bytes(0, 0, 0, 5, 0);
                await s.ToEndAsync();
            },
            ["a packet that is too long"] = async (s, _) =>
            {
                s.Bytes(0, 1, 0, 0, 0, 3, 0, 0);
                await s.ToEndAsync();
            },
            ["a cancel of nobody"] = async (s, _) =>
            {
                s.Raw(null, new WireText().Int32(CancelRequest).Int32(1).Int32(2));
                await s.ToEndAsync();
            },
            ["an unknown way of authentication"] = async (s, side) =>
            {
                s.Startup(("user", "postgres"), ("database", side.Database));
                await s.UntilAsync('R');
                s.Raw('p', new WireText().Text("SCRAM-NONSENSE").Sized("n,,n=,r=x"));
                await s.ToEndAsync();
            },
            ["a broken first answer"] = async (s, side) =>
            {
                s.Startup(("user", "postgres"), ("database", side.Database));
                await s.UntilAsync('R');
                s.Raw('p', new WireText().Text("SCRAM-SHA-256").Sized("nonsense"));
                await s.ToEndAsync();
            },
            ["a query instead of a password"] = async (s, side) =>
            {
                s.Startup(("user", "postgres"), ("database", side.Database));
                await s.UntilAsync('R');
                await s.Query("SELECT 1").ToEndAsync();
            },
            ["a user who does not exist"] = async (s, side) =>
            {
                s.Startup(("user", "nobody"), ("database", side.Database));
                await s.UntilAsync('R');
            },
        };

    private static async Task VersionAsync(RawSession s, Side side, int version)
    {
        s.Raw(null, new WireText().Int32(version).Text("user").Text("postgres").Text("database").Text(side.Database)
            .Byte(0));
        await s.UntilAsync('R');
    }
}
