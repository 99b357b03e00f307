using Matriarch.Wire;

namespace Matriarch.Gateway.Tests;

/// <summary>Startup packets for bare connections.</summary>
internal static class Startup
{
    public static byte[] Packet(string database = "postgres") =>
        StartupMessage.Create(ProtocolVersion.Version30, ("user", "postgres"), ("database", database)).Encode();
}
