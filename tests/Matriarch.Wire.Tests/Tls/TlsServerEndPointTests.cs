using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Matriarch.Wire.Tests;

/// <summary>Which hash binds to which certificate (RFC 5929, 4.1).</summary>
public sealed class TlsServerEndPointTests
{
    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void The_hash_is_that_of_the_signature(string name)
    {
        var hash = new HashAlgorithmName(name);
        X509Certificate2[] certificates =
        [
            TestCertificate.Rsa(hash, RSASignaturePadding.Pkcs1), TestCertificate.Rsa(hash, RSASignaturePadding.Pss),
            TestCertificate.Ecdsa(hash),
        ];
        foreach (var certificate in certificates)
        {
            Assert.Equal(
                CryptographicOperations.HashData(hash, certificate.RawData),
                TlsServerEndPoint.TryCompute(certificate.RawData));
            certificate.Dispose();
        }
    }

    [Theory]
    [InlineData("2A864886F70D010104", "")] // MD5 with RSA
    [InlineData("2A864886F70D010105", "")] // SHA-1 with RSA
    [InlineData("2A8648CE3D0401", "")] // SHA-1 with ECDSA
    [InlineData("2A864886F70D01010A", "3000")] // PSS, whose default is SHA-1
    [InlineData("2A864886F70D01010A", "300DA00B300906052B0E03021A0500")] // PSS with SHA-1
    public void Where_it_is_weak_the_binding_is_by_sha256(string algorithm, string parameters)
    {
        var certificate = Certificate(algorithm, parameters);
        Assert.Equal(SHA256.HashData(certificate), TlsServerEndPoint.TryCompute(certificate));
    }

    [Fact]
    public void A_signature_without_a_hash_of_its_own_binds_nothing()
    {
        Assert.Null(TlsServerEndPoint.TryCompute(Certificate("2B6570", ""))); // Ed25519
    }

    /// <summary>The shape of a certificate around an algorithm.</summary>
    private static byte[] Certificate(string algorithm, string parameters)
    {
        var id = Convert.FromHexString(algorithm);
        byte[] inner = [0x06, (byte)id.Length, .. id, .. Convert.FromHexString(parameters)];
        byte[] body = [0x30, 0, 0x30, (byte)inner.Length, .. inner, 0x03, 1, 0];
        return [0x30, (byte)body.Length, .. body];
    }

    [Fact]
    public void What_is_no_certificate_binds_nothing()
    {
        using var certificate = TestCertificate.Ecdsa(HashAlgorithmName.SHA256);
        var bytes = certificate.RawData;
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(TlsServerEndPoint.TryCompute(bytes.AsSpan(0, length)));
        }

        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            damaged[random.Next(20)] = (byte)random.Next(256);
            _ = TlsServerEndPoint.TryCompute(damaged);
        }
    }
}
