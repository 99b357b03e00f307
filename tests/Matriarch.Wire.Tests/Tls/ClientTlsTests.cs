namespace Matriarch.Wire.Tests;

/// <summary>What a client makes of a server's answer.</summary>
public sealed class ClientTlsTests
{
    [Theory]
    [InlineData(TlsMode.Disable, ClientTlsStep.Plain, null)]
    [InlineData(TlsMode.Allow, ClientTlsStep.Plain, TlsMode.Require)]
    [InlineData(TlsMode.Prefer, ClientTlsStep.SendRequest, TlsMode.Disable)]
    [InlineData(TlsMode.Require, ClientTlsStep.SendRequest, null)]
    public void The_mode_says_how_to_begin_and_what_may_be_tried_then(
        TlsMode mode, ClientTlsStep first, TlsMode? fallback)
    {
        var tls = new ClientTls(mode);
        Assert.Equal(first, tls.Begin());
        Assert.Equal(fallback, tls.Fallback);
    }

    [Theory]
    [InlineData(TlsMode.Prefer, "", ClientTlsStep.Receive)]
    [InlineData(TlsMode.Prefer, "S", ClientTlsStep.StartTls)]
    [InlineData(TlsMode.Prefer, "N", ClientTlsStep.Plain)]
    [InlineData(TlsMode.Require, "S", ClientTlsStep.StartTls)]
    [InlineData(TlsMode.Require, "N", ClientTlsStep.Refuse)]
    [InlineData(TlsMode.Prefer, "S\u0000", ClientTlsStep.Refuse)] // CVE-2021-23222
    [InlineData(TlsMode.Prefer, "NR", ClientTlsStep.Refuse)]
    [InlineData(TlsMode.Prefer, "E", ClientTlsStep.Refuse)] // CVE-2024-10977
    [InlineData(TlsMode.Prefer, "G", ClientTlsStep.Refuse)]
    [InlineData(TlsMode.Disable, "S", ClientTlsStep.Refuse)] // nobody asked
    public void The_answer_is_one_byte_and_nothing_else(TlsMode mode, string answer, ClientTlsStep expected)
    {
        var tls = new ClientTls(mode);
        tls.Begin();
        Assert.Equal(expected, tls.Take(System.Text.Encoding.ASCII.GetBytes(answer)));
    }

    [Fact]
    public void Tls_at_once_asks_for_nothing_and_falls_back_to_nothing()
    {
        var tls = new ClientTls(TlsMode.Prefer, isDirect: true);
        Assert.Equal(ClientTlsStep.StartTls, tls.Begin());
        Assert.Null(tls.Fallback);
        Assert.Equal(ClientTlsStep.Refuse, tls.Take("S"u8));
    }
}
