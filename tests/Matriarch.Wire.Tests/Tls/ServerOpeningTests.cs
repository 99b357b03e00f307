using System.Security.Authentication;

namespace Matriarch.Wire.Tests;

/// <summary>What a server answers to the first bytes of a connection.</summary>
public sealed class ServerOpeningTests
{
    private static readonly byte[] Ssl = StartupRequests.Ssl();
    private static readonly byte[] Gss = StartupRequests.GssEncryption();
    private static readonly byte[] Cancel = StartupRequests.Cancel(CancelKey.Create(7, [1, 2, 3, 4]));
    private static readonly byte[] Startup =
        StartupMessage.Create(ProtocolVersion.Version30, ("user", "ana")).Encode();

    [Theory]
    [InlineData(TlsMode.Disable, false)]
    [InlineData(TlsMode.Allow, true)]
    [InlineData(TlsMode.Prefer, true)]
    [InlineData(TlsMode.Require, true)]
    public void A_request_for_tls_is_answered_as_the_mode_says(TlsMode mode, bool isTls)
    {
        var opening = new ServerOpening(mode);
        var step = opening.Take(Ssl);
        Assert.Equal(
            isTls ? new OpeningStep.StartTls(SendS: true, 8) : new OpeningStep.Answer((byte)'N', 8), step);
        Assert.Equal(isTls, opening.IsEncrypted);
        AssertStartup(opening.Take(Startup));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    public void Bytes_behind_a_request_for_tls_are_never_taken_for_encrypted_ones(int count)
    {
        // CVE-2021-23214: whoever stands between puts a startup packet and a query behind the request, in clear.
        byte[] received = [.. Ssl, .. Startup, .. new byte[100]];
        var refused = Assert.IsType<OpeningStep.Refuse>(
            new ServerOpening(TlsMode.Prefer).Take(received.AsSpan(0, 8 + count)));
        Assert.Equal("08P01", refused.Error?.SqlState);
        Assert.Contains("unencrypted data", refused.Why, StringComparison.Ordinal);

        // Where the answer is N everything is in clear, and they may come together.
        var plain = new ServerOpening(TlsMode.Disable);
        Assert.Equal(new OpeningStep.Answer((byte)'N', 8), plain.Take(received));
        AssertStartup(plain.Take(received.AsSpan(8)));
    }

    [Fact]
    public void Without_tls_only_a_cancel_request_passes_where_it_is_required()
    {
        var refused = Assert.IsType<OpeningStep.Refuse>(new ServerOpening(TlsMode.Require).Take(Startup));
        Assert.Equal("28000", refused.Error?.SqlState);
        var packet = Assert.IsType<OpeningStep.Packet>(new ServerOpening(TlsMode.Require).Take(Cancel));
        Assert.Equal(7, Assert.IsType<StartupPacket.CancelRequest>(packet.Content).Key.ProcessId);
        foreach (var mode in new[] { TlsMode.Disable, TlsMode.Allow, TlsMode.Prefer })
        {
            AssertStartup(new ServerOpening(mode).Take(Startup));
        }
    }

    [Fact]
    public void Gssapi_is_declined_and_tls_may_be_asked_for_then()
    {
        var opening = new ServerOpening(TlsMode.Require);
        Assert.Equal(new OpeningStep.Answer((byte)'N', 8), opening.Take(Gss));
        Assert.Equal(new OpeningStep.StartTls(SendS: true, 8), opening.Take(Ssl));
        AssertStartup(opening.Take(Startup));
    }

    [Fact]
    public void Nothing_may_be_asked_twice_nor_inside_of_tls()
    {
        AssertRefusedAfter(TlsMode.Disable, Ssl, Ssl);
        AssertRefusedAfter(TlsMode.Disable, Gss, Gss);
        AssertRefusedAfter(TlsMode.Prefer, Ssl, Ssl);
        AssertRefusedAfter(TlsMode.Prefer, Ssl, Gss);
        AssertRefusedAfter(TlsMode.Prefer, Ssl, Hello());
        AssertRefusedAfter(TlsMode.Disable, Ssl, Hello());
    }

    [Fact]
    public void Every_packet_may_come_byte_by_byte()
    {
        foreach (var packet in new[] { Ssl, Gss, Startup, Cancel, Hello() })
        {
            var opening = new ServerOpening(TlsMode.Prefer);
            for (var length = 0; length < packet.Length; length++)
            {
                var receive = Assert.IsType<OpeningStep.Receive>(opening.Take(packet.AsSpan(0, length)));
                Assert.InRange(receive.AtLeast, length + 1, packet.Length);
            }

            Assert.IsNotType<OpeningStep.Receive>(opening.Take(packet));
        }
    }

    [Fact]
    public void A_connection_may_begin_with_tls_if_it_names_our_protocol()
    {
        var opening = new ServerOpening(TlsMode.Require);
        Assert.Equal(new OpeningStep.StartTls(SendS: false, 0), opening.Take(Hello()));
        AssertStartup(opening.Take(Startup));
        AssertSilent(new ServerOpening(TlsMode.Disable).Take(Hello()));
        AssertSilent(new ServerOpening(TlsMode.Require).Take(Hello("http/1.1")));
        AssertSilent(new ServerOpening(TlsMode.Require).Take(Hello(null)));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\u0000\u0000\u0000\u0007xxx")]
    [InlineData("\u0000\u0000\u0000\u0009xxxxx")]
    [InlineData("\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("SSH-2.0-OpenSSH")]
    public void Garbage_is_refused(string bytes)
    {
        var step = new ServerOpening(TlsMode.Prefer).Take(System.Text.Encoding.Latin1.GetBytes(bytes));
        Assert.NotNull(Assert.IsType<OpeningStep.Refuse>(step).Error);
    }

    internal static byte[] Hello(string? protocol = TlsClientHello.Alpn) => TlsHello.Of(protocol, SslProtocols.None);

    private static void AssertRefusedAfter(TlsMode mode, byte[] first, byte[] second)
    {
        var opening = new ServerOpening(mode);
        Assert.IsNotType<OpeningStep.Refuse>(opening.Take(first));
        Assert.IsType<OpeningStep.Refuse>(opening.Take(second));
    }

    private static void AssertStartup(OpeningStep step)
    {
        var packet = Assert.IsType<OpeningStep.Packet>(step);
        Assert.Equal(
            "ana", Assert.IsType<StartupPacket.Startup>(packet.Content).Message.FindText("user"u8));
        Assert.Equal(Startup.Length, packet.Consumed);
    }

    private static void AssertSilent(OpeningStep step) => Assert.Null(Assert.IsType<OpeningStep.Refuse>(step).Error);
}
