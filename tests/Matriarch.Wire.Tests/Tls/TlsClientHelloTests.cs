using System.Security.Authentication;

namespace Matriarch.Wire.Tests;

/// <summary>The first message of real TLS clients, and of none.</summary>
public sealed class TlsClientHelloTests
{
    [Theory]
    [InlineData("postgresql", SslProtocols.Tls12, true)]
    [InlineData("postgresql", SslProtocols.Tls13, true)]
    [InlineData("postgresq", SslProtocols.Tls13, false)]
    [InlineData("h2", SslProtocols.None, false)]
    [InlineData(null, SslProtocols.Tls12, false)]
    public void The_protocol_is_found(string? protocol, SslProtocols versions, bool expected)
    {
        Assert.Equal(HeaderRead.Ok, TlsClientHello.TryRead(TlsHello.Of(protocol, versions), out var namesUs));
        Assert.Equal(expected, namesUs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void It_may_be_broken_into_records_anywhere(int piece)
    {
        var whole = TlsHello.Of(TlsClientHello.Alpn, SslProtocols.None);
        byte[] broken =
        [
            .. whole[5..].Chunk(piece).SelectMany(p => (byte[])[22, 3, 1, (byte)(p.Length >> 8), (byte)p.Length, .. p]),
        ];
        Assert.Equal(HeaderRead.Ok, TlsClientHello.TryRead(broken, out var namesUs));
        Assert.True(namesUs);
        for (var length = 0; length < broken.Length; length++)
        {
            Assert.Equal(HeaderRead.Incomplete, TlsClientHello.TryRead(broken.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void What_is_no_hello_is_said_to_be_none_and_nothing_is_waited_for_without_end()
    {
        Assert.Equal(HeaderRead.Invalid, TlsClientHello.TryRead([23], out _));
        Assert.Equal(HeaderRead.Invalid, TlsClientHello.TryRead([22, 2], out _));
        Assert.Equal(HeaderRead.Invalid, TlsClientHello.TryRead([22, 3, 1, 0, 0], out _)); // an empty record
        Assert.Equal(HeaderRead.Invalid, TlsClientHello.TryRead([22, 3, 1, 0x40, 1], out _)); // one that is too long
        Assert.Equal(HeaderRead.Invalid, TlsClientHello.TryRead([22, 3, 1, 0, 4, 2], out _)); // a ServerHello
        Assert.Equal(HeaderRead.Invalid, TlsClientHello.TryRead([22, 3, 1, 0, 4, 1, 255, 255, 255], out _));
        Assert.Equal(HeaderRead.Invalid, TlsClientHello.TryRead([22, 3, 1, 0, 5, 1, 0, 0, 1, 0], out _));
    }

    [Fact]
    public void Damaged_hellos_never_throw()
    {
        var whole = TlsHello.Of(TlsClientHello.Alpn, SslProtocols.None);
        var random = new Random(1);
        for (var i = 0; i < 50_000; i++)
        {
            var damaged = (byte[])whole.Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            TlsClientHello.TryRead(damaged.AsSpan(0, random.Next(damaged.Length + 1)), out _);
        }
    }
}
