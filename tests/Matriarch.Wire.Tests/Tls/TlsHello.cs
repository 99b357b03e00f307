using System.Net.Security;
using System.Security.Authentication;

namespace Matriarch.Wire.Tests;

/// <summary>What a real TLS client sends first.</summary>
internal static class TlsHello
{
    public static byte[] Of(string? protocol, SslProtocols versions)
    {
        using var sent = new Sent();
        using var tls = new SslStream(sent);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = versions,
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
        };
        Assert.ThrowsAny<IOException>(() => tls.AuthenticateAsClient(options));
        return sent.ToArray();
    }

    /// <summary>Keeps what is written, and has nothing to read.</summary>
    private sealed class Sent : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override int Read(Span<byte> buffer) => 0;
    }
}
